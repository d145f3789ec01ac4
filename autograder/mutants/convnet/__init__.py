"""The known bugs of part 1, one file per component."""

from autograder.mutants.convnet import conv2d, convnet, linear, max_pool, relu, sgd

MUTANTS = (
    *conv2d.MUTANTS,
    *max_pool.MUTANTS,
    *relu.MUTANTS,
    *linear.MUTANTS,
    *convnet.MUTANTS,
    *sgd.MUTANTS,
)
