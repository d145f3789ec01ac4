"""The known bugs of the lab on your own convolution, one file per component."""

from autograder.mutants.custom_conv import autograd, functions, layer

MUTANTS = (*functions.MUTANTS, *autograd.MUTANTS, *layer.MUTANTS)
