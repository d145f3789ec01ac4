"""Points: verdicts that never leave their bounds, sums per component, and what a policy takes away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report, TestSpec, Verdict


@dataclass(frozen=True)
class Standing:
    """What one component earned out of its points, how much of it is left, and how many of its tests passed.

    Policies and lateness take from what is `earned`; `left` is what counts.
    """

    component: str
    title: str
    earned: float
    left: float
    points: float
    passed: int
    tests: int


def unanswered(spec: TestSpec, message: str, *, outcome: Outcome = Outcome.SKIPPED) -> Verdict:
    """Return the verdict of a test that nobody has answered: 0 points, and the reason."""
    return Verdict(spec=spec, outcome=outcome, score=0.0, message=message)


def broken(spec: TestSpec, message: str) -> Verdict:
    """Return the verdict of a test that we could not run: full points, the fault is not the student's."""
    return Verdict(spec=spec, outcome=Outcome.BROKEN, score=spec.max_score, message=message)


def provisional(spec: TestSpec, message: str) -> Verdict:
    """Return the verdict of a test that only this submission keeps from running: 0 points for now."""
    return Verdict(spec=spec, outcome=Outcome.PROVISIONAL, score=0.0, message=message)


def bounded(score: float, max_score: float) -> float:
    """Return `score` between 0 and `max_score`; NaN is 0.

    >>> bounded(float("nan"), 3.0), bounded(7.0, 3.0), bounded(-1.0, 3.0)
    (0.0, 3.0, 0.0)
    """
    return 0.0 if math.isnan(score) else min(max(float(score), 0.0), max_score)


def earned(verdicts: Iterable[Verdict]) -> float:
    """Return the points of `verdicts` together, before policies, free of rounding dust.

    >>> earned(())
    0.0
    """
    return round(math.fsum(bounded(verdict.score, verdict.spec.max_score) for verdict in verdicts), 6)


def is_clean(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether nothing went wrong that could be the student's doing."""
    fine = (Outcome.PASSED, Outcome.SKIPPED, Outcome.BROKEN, Outcome.PROVISIONAL)
    return all(verdict.outcome in fine for verdict in verdicts)


def charged(report: Report, verdict: Verdict) -> float:
    """Return what `verdict` is worth in `report` once policies and lateness have taken their share."""
    return bounded(verdict.score, verdict.spec.max_score) * report.kept(verdict.spec)


def standings(report: Report, part: Part) -> tuple[Standing, ...]:
    """Return one Standing per component of `part`, in the manifest's order."""
    return tuple(_standing(report, component.name, component.title) for component in part.components)


def mismatched_points(part: Part, specs: Sequence[TestSpec]) -> tuple[str, ...]:
    """Return one sentence for every component whose tests' weights do not add up to its points."""
    found = []
    known = {component.name: component.points for component in part.components}
    for spec in specs:
        if spec.component not in known:
            found.append(f"{spec.id} tests {spec.component!r}, which is not a component of {part.name}.")
    for name, points in known.items():
        weights = math.fsum(spec.max_score for spec in specs if spec.component == name)
        if not math.isclose(weights, points, abs_tol=1e-9):
            found.append(
                f"{name}: the hidden tests weigh {weights:g}, assignment.toml gives {points:g} points."
            )
    return tuple(found)


def _standing(report: Report, name: str, title: str) -> Standing:
    mine = [verdict for verdict in report.verdicts if verdict.spec.component == name]
    return Standing(
        component=name,
        title=title,
        earned=earned(mine),
        left=round(math.fsum(charged(report, verdict) for verdict in mine), 6),
        points=round(math.fsum(verdict.spec.max_score for verdict in mine), 6),
        passed=sum(verdict.outcome is Outcome.PASSED for verdict in mine),
        tests=len(mine),
    )
