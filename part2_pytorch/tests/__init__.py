"""Tests to run while you write: `python -m unittest tests.test_focal_loss` from the part's folder."""

from labs.common.printed import begin

begin()
