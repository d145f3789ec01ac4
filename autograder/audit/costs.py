"""What a known bug costs: half of the points are plain, and no special case costs more than half."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from autograder.answer_key.key import AnswerKey
from autograder.audit.findings import Table
from autograder.audit.trials import Trial, by_component
from autograder.core.manifest import Part
from autograder.core.model import Case, Reply
from autograder.core.observation import Observation, family_of
from autograder.hidden_tests.collect import tests_of
from autograder.hidden_tests.runner import Examiner, run

ROUNDED = 0.01  # a test's share of the points of its component is rounded to that


def short_of_plain(part: Part) -> tuple[str, ...]:
    """Name the components whose plain tests have less than half of the weight."""
    found = []
    for component in part.components:
        its = [test for test in tests_of(part) if test.spec.component == component.name]
        weights, plain = sum(test.weight for test in its), sum(t.weight for t in its if t.spec.is_plain)
        if plain < weights / 2:
            found.append(
                f"{component.name}: its plain tests have {plain:g} of a weight of {weights:g}: mark tests "
                "with @plain, or give those that are more"
            )
    return tuple(found)


def unfair_costs(trials: Iterable[Trial]) -> Iterator[str]:
    """Name the bugs that pass all plain tests and cost more than half of their component."""
    for trial in trials:
        most = trial.points / 2 + ROUNDED * len(trial.verdicts)
        if trial.leaves_plain_right and trial.cost > most:
            yield (
                f"{trial.mutant}: leaves the plain configuration right, and costs {_points(trial)} "
                f"(tests {', '.join(trial.caught_by)})"
            )


def cost_tables(trials: Sequence[Sequence[Trial]]) -> Iterator[Table]:
    """Return for each component what its bugs cost, the dearest first, in the case set that costs most."""
    dearest = [max(its, key=lambda trial: trial.cost) for its in zip(*trials, strict=True)]
    for component, its in by_component(dearest):
        ordered = sorted(its, key=lambda trial: (-trial.cost, trial.mutant))
        rows = [
            (trial.mutant, _points(trial), f"{trial.cost / (trial.points or 1):.0%}", _at_plain(trial))
            for trial in ordered
        ]
        yield Table(
            f"{component}: what each known bug costs",
            ("mutant", "points", "share", "plain configuration"),
            tuple(rows),
        )


def costly_shapes(part: Part, key: AnswerKey, case_set: int) -> Iterator[str]:
    """Name the outputs that cost more or less than one test where only their shape is wrong."""
    for component in part.components:
        right = Examiner(key.reference, key.reference, part.partial, case_set=case_set)
        run(part, right, component=component.name, with_dropped=True)
        for family in dict.fromkeys(seen.family for seen in right.observations if _is_handed_over(seen)):
            ask = partial(_with_another_axis, key, family)
            examiner = Examiner(ask, key.reference, part.partial, case_set=case_set)
            verdicts = run(part, examiner, component=component.name, with_dropped=True)
            failed = [verdict.spec.number for verdict in verdicts if verdict.score < verdict.spec.max_score]
            if len(failed) != 1:
                tests = f"tests {', '.join(failed)}" if failed else "no test"
                yield (
                    f"{component.name}: {family} of shape (1, ...) with right numbers costs {tests}; "
                    "ask for its exact_shape in one"
                )


def _with_another_axis(key: AnswerKey, family: str, case: Case) -> Reply:
    reply = key.reference(case)
    arrays = {
        name: array[None] if family_of(name) == family else array for name, array in reply.arrays.items()
    }
    return replace(reply, arrays=arrays)


def _is_handed_over(seen: Observation) -> bool:
    """Tell whether the student's code gave this array, and a test compared it as it is."""
    return seen.view is None and not seen.is_derived and not seen.key.endswith("_after")


def _points(trial: Trial) -> str:
    return f"{trial.cost:g} of {trial.points:g}"


def _at_plain(trial: Trial) -> str:
    return "right" if trial.leaves_plain_right else "wrong"
