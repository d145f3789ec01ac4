"""The pure core: data and rules, without files, processes, clocks or prints."""
