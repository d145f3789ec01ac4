"""Known-wrong variants of the solutions: they measure the hidden tests, and they name a student's bug."""

from autograder.mutants.mutant import Mutant, mutants_of

__all__ = ["Mutant", "mutants_of"]
