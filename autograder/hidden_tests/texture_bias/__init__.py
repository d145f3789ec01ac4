"""The hidden tests of the lab on shape and texture, one file per component."""
