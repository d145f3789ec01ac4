"""The hidden tests of part 2."""
