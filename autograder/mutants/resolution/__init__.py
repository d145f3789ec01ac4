"""The known bugs of the lab on images of any resolution, one file per topic."""

from autograder.mutants.resolution import augment, batches, counting, groups, networks, padding

MUTANTS = (
    *networks.MUTANTS,
    *counting.MUTANTS,
    *padding.MUTANTS,
    *groups.MUTANTS,
    *batches.MUTANTS,
    *augment.MUTANTS,
)
