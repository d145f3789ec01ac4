"""The known bugs of the lab on robustness, one file per component."""

from autograder.mutants.robustness import adversarial_step, attack, evaluation, saliency

MUTANTS = (*attack.MUTANTS, *evaluation.MUTANTS, *saliency.MUTANTS, *adversarial_step.MUTANTS)
