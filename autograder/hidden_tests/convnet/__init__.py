"""The hidden tests of part 1."""
