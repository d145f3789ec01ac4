"""The hidden tests of the lab on images of any resolution, one file per component."""
