"""What goes wrong in reweight."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_reweight = partial(Mutant, component="reweight", file="losses/focal_loss.py")
_WEIGHTS = "weights = (1 - beta) / (1 - beta**counts)"
_SCALE = "weights = weights * len(counts) / weights.sum()"

MUTANTS = (
    _reweight(
        "reweight-not-normalised",
        replace=_SCALE,
        by="pass",
        hint="The weights are not normalised. Scale them by one factor so that they sum to the number of "
        "classes.",
    ),
    _reweight(
        "reweight-sums-to-one",
        replace=_SCALE,
        by="weights = weights / weights.sum()",
        hint="The weights sum to 1. They should sum to the number of classes, so that the loss keeps its "
        "scale.",
    ),
    _reweight(
        "reweight-largest-is-one",
        replace=_SCALE,
        by="weights = weights / weights.max()",
        hint="The weights are scaled so that the largest is 1. Their sum is what is fixed.",
    ),
    _reweight(
        "reweight-never-divides-by-the-sum",
        replace=_SCALE,
        by="weights = weights * len(counts)",
        hint="The weights are multiplied by the number of classes, but not divided by their own sum.",
    ),
    _reweight(
        "reweight-sums-to-the-samples",
        replace=_SCALE,
        by="weights = weights * counts.sum() / weights.sum()",
        hint="The weights sum to the number of samples. They should sum to the number of classes.",
    ),
    _reweight(
        "reweight-softmax",
        replace=_SCALE,
        by="weights = torch.softmax(weights, dim=0) * len(counts)",
        hint="A softmax makes the weights sum to what they should, but changes their proportions: scale them "
        "by one factor.",
    ),
    _reweight(
        "reweight-multiplies-for-the-power",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 - beta * counts)",
        hint="beta is multiplied by the counts. The effective number takes beta to the power of the count.",
    ),
    _reweight(
        "reweight-power-of-the-counts",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 - counts**beta)",
        hint="Base and exponent are swapped: the count is the exponent, beta the base.",
    ),
    _reweight(
        "reweight-power-of-the-difference",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 - beta) ** counts",
        hint="The power is taken of 1 - beta. Take beta to the power of the count first, then the "
        "difference.",
    ),
    _reweight(
        "reweight-adds-the-power",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 + beta**counts)",
        hint="The power is added to 1 instead of subtracted from it: look at the sign in the effective "
        "number.",
    ),
    _reweight(
        "reweight-one-power-short",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 - beta ** (counts + 1))",
        hint="The exponent is the count plus one. It is the count itself.",
    ),
    _reweight(
        "reweight-prefers-the-frequent",
        replace=_WEIGHTS,
        by="weights = (1 - beta**counts) / (1 - beta)",
        hint="The weights are the effective numbers themselves, so frequent classes count more. Rare ones "
        "should.",
    ),
    _reweight(
        "reweight-inverse-counts",
        replace=_WEIGHTS,
        by="weights = 1 / counts",
        hint="The weights are inverse counts, independent of beta. Use the effective number instead of the "
        "count.",
    ),
    _reweight(
        "reweight-plain-power",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / beta**counts",
        hint="The difference in the denominator is missing: the effective number holds 1 minus the power.",
    ),
    _reweight(
        "reweight-shares-for-counts",
        replace=_WEIGHTS,
        by="weights = (1 - beta) / (1 - beta ** (counts / counts.sum()))",
        hint="The exponents are fractions of the total. The effective number takes the counts themselves.",
    ),
    _reweight(
        "reweight-ignores-beta",
        replace=_WEIGHTS,
        by="beta = 0.9999\n    " + _WEIGHTS,
        hint="beta is always 0.9999. Use the argument.",
    ),
    _reweight(
        "reweight-takes-zero-for-no-beta",
        replace=_WEIGHTS,
        by="beta = beta or 0.9999\n    " + _WEIGHTS,
        hint="A beta of 0 is treated as missing. It is a valid value that makes all weights 1.",
    ),
    _reweight(
        "reweight-returns-a-list",
        replace="return weights.float()",
        by="return weights.tolist()",
        hint="The numbers are right but not in a tensor. The loss indexes them with a tensor of labels.",
    ),
)
