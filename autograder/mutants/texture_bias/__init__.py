"""The known bugs of the lab on shape and texture, one file per component."""

from autograder.mutants.texture_bias import corrupt, corruption_error, cue_conflict, shape_bias, stylise

MUTANTS = (
    *cue_conflict.MUTANTS,
    *shape_bias.MUTANTS,
    *stylise.MUTANTS,
    *corrupt.MUTANTS,
    *corruption_error.MUTANTS,
)
