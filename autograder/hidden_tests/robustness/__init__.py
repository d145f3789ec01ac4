"""The hidden tests of the lab on robustness, one file per component."""
