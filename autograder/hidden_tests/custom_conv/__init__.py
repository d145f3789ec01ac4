"""The hidden tests of the lab on your own convolution, one file per component."""
