"""Tests to run while you write: `python -m unittest tests.test_convolution` from the part's folder."""

from .printed import begin

begin()
