"""What goes wrong in corruption_error."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_error = partial(Mutant, component="corruption_error", file="corruptions.py")
_RELATIVE = "relative = [sum(errors[name]) / sum(baseline[name]) for name in errors]\n"
_RETURN = "return sum(relative) / len(relative)\n"

MUTANTS = (
    _error(
        "corruption_error-pools-corruptions",
        replace=_RELATIVE,
        by="relative = [sum(map(sum, errors.values())) / sum(map(sum, baseline.values()))]\n",
        hint="The errors of all corruptions are added up before they are divided, so that hard corruptions "
        "count more. Divide for each corruption, then take the mean.",
    ),
    _error(
        "corruption_error-divides-each-severity",
        replace=_RELATIVE,
        by="relative = [sum(e / b for e, b in zip(errors[name], baseline[name])) / len(errors[name]) "
        "for name in errors]\n",
        hint="Errors are divided severity by severity. Add them up over the severities first: a single small "
        "error of the baseline would decide everything.",
    ),
    _error(
        "corruption_error-swaps-network-and-baseline",
        replace=_RELATIVE,
        by="relative = [sum(baseline[name]) / sum(errors[name]) for name in errors]\n",
        hint="The baseline is divided by the network. It should be the other way round: less is better.",
    ),
    _error(
        "corruption_error-forgets-the-baseline",
        replace=_RELATIVE,
        by="relative = [sum(errors[name]) / len(errors[name]) for name in errors]\n",
        hint="That is the mean error. Divide by the baseline's errors, which makes corruptions comparable.",
    ),
    _error(
        "corruption_error-subtracts-the-baseline",
        replace=_RELATIVE,
        by="relative = [(sum(errors[name]) - sum(baseline[name])) / 5 for name in errors]\n",
        hint="The baseline is subtracted. Divide by it.",
    ),
    _error(
        "corruption_error-takes-accuracies",
        replace=_RELATIVE,
        by="relative = [sum(1 - e for e in errors[name]) / sum(1 - b for b in baseline[name]) "
        "for name in errors]\n",
        hint="The ratio is that of accuracies. Take the error rates as they are.",
    ),
    _error(
        "corruption_error-takes-the-worst-severity",
        replace=_RELATIVE,
        by="relative = [errors[name][-1] / baseline[name][-1] for name in errors]\n",
        hint="Only severity 5 counts. Add up all five.",
    ),
    _error(
        "corruption_error-takes-the-mildest-severity",
        replace=_RELATIVE,
        by="relative = [errors[name][0] / baseline[name][0] for name in errors]\n",
        hint="Only severity 1 counts. Add up all five.",
    ),
    _error(
        "corruption_error-pairs-by-place",
        replace=_RELATIVE,
        by="relative = [sum(e) / sum(b) for e, b in zip(errors.values(), baseline.values())]\n",
        hint="Corruptions are paired by their place in the two dicts. Pair them by their names.",
    ),
    _error(
        "corruption_error-in-percent",
        replace=_RETURN,
        by="return 100 * sum(relative) / len(relative)\n",
        hint="The result is in percent. It should be 1 for the baseline itself.",
    ),
    _error(
        "corruption_error-adds-up",
        replace=_RETURN,
        by="return sum(relative)\n",
        hint="The relative errors are added up. Take their mean.",
    ),
    _error(
        "corruption_error-divides-by-five",
        replace=_RETURN,
        by="return sum(relative) / 5\n",
        hint="The sum is divided by the number of severities. Divide by the number of corruptions.",
    ),
    _error(
        "corruption_error-takes-the-worst-corruption",
        replace=_RETURN,
        by="return max(relative)\n",
        hint="That is the worst corruption alone. Take the mean over all.",
    ),
)
