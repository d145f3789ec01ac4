"""Known bugs that are generated: right programs with a slip that people make, edited as syntax trees."""

from autograder.mutants.slips.generator import Slip, slips_of_part

__all__ = ["Slip", "slips_of_part"]
