"""What goes wrong in Conv2D, forwards and backwards."""

from __future__ import annotations

from autograder.mutants.convnet import conv2d_backward, conv2d_forward

MUTANTS = (*conv2d_forward.MUTANTS, *conv2d_backward.MUTANTS)
