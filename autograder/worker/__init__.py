"""The sandbox: a process of its own for every workspace, and the line over which cases and replies travel."""
