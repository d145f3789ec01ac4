"""What goes wrong in robust_accuracy."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_evaluation = partial(Mutant, component="evaluation", file="attacks.py")
_ATTACK = "attacked = attack.perturb(model, some, theirs)\n"
_RETURN = "return correct / len(labels)\n"
_COUNT = "correct += (model(attacked).argmax(dim=1) == theirs).sum().item()\n"
_SPLIT = "zip(images.split(batch_size), labels.split(batch_size), strict=True)"

MUTANTS = (
    _evaluation(
        "evaluation-scores-the-clean-images",
        replace=_COUNT,
        by=_COUNT.replace("attacked", "some"),
        hint="The clean images are scored: the attacked ones are computed but not used.",
    ),
    _evaluation(
        "evaluation-forgets-the-labels",
        replace=_ATTACK,
        by=_ATTACK.replace(", theirs", ""),
        hint="The attack does not get the true labels, so it targets the least likely one instead. That is "
        "a different attack.",
    ),
    _evaluation(
        "evaluation-averages-the-batches",
        replace=_COUNT,
        by="correct += (model(attacked).argmax(dim=1) == theirs).float().mean().item()\n",
        also=((_RETURN, "return correct / len(images.split(batch_size))\n"),),
        hint="The accuracies of the batches are averaged, and the images of a smaller last batch count "
        "more. Count "
        "images, and divide once.",
    ),
    _evaluation(
        "evaluation-loses-the-last-batch",
        replace=_SPLIT,
        by="[pair for pair in " + _SPLIT + " if len(pair[1]) == batch_size]",
        hint="The images of a smaller last batch are left out.",
    ),
    _evaluation(
        "evaluation-counts-failures",
        replace=_RETURN,
        by="return 1 - correct / len(labels)\n",
        hint="The result is the share of images on which the attack succeeds. Return the share that the "
        "network classifies correctly.",
    ),
    _evaluation(
        "evaluation-in-percent",
        replace=_RETURN,
        by="return 100 * correct / len(labels)\n",
        hint="The result is in percent. Return it in [0, 1].",
    ),
)
