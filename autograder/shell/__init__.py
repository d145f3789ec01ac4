"""The imperative shell: zips, folders, clocks and workers around the pure core."""
