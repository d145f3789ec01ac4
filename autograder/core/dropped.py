"""Tests that the staff withdraws after grading: everybody gets their points, reports say why, none is run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report, TestSpec, Verdict
from autograder.core.typed_tables import like


def with_drops(part: Part, specs: Iterable[TestSpec]) -> tuple[TestSpec, ...]:
    """Return `specs` with the reason at those that the manifest drops, by their number or id."""
    return tuple(
        replace(spec, dropped=part.drop.get(spec.number) or part.drop.get(spec.id, "")) for spec in specs
    )


def require_known(part: Part, specs: Sequence[TestSpec]) -> None:
    """Raise CourseError if the manifest drops a test that `part` does not have."""
    known = {name for spec in specs for name in (spec.number, spec.id)}
    unknown = next((name for name in part.drop if name not in known), None)
    if unknown is not None:
        named = (
            {spec.id for spec in specs} if any(map(str.isalpha, unknown)) else {spec.number for spec in specs}
        )
        raise CourseError(
            f"assignment.toml, [drop], {part.name}: no test has the number or id {unknown!r}"
            f"{like(unknown, sorted(named))}."
        )


def dropped(spec: TestSpec) -> Verdict:
    """Return the verdict of a test that is dropped: all of its points."""
    message = f"The staff dropped this test; everybody gets its points. Reason: {spec.dropped}"
    return Verdict(spec, Outcome.SKIPPED, spec.max_score, message)


def with_dropped(report: Report) -> Report:
    """Return `report` with full points for every test that is dropped, whatever was found."""
    if not any(each.spec.dropped for each in report.verdicts):
        return report
    verdicts = (dropped(each.spec) if each.spec.dropped else each for each in report.verdicts)
    return replace(report, verdicts=tuple(verdicts))
