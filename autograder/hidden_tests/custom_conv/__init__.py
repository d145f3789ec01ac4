"""The hidden tests of the lab on a convolution of one's own, one file per component."""
