"""Odd but correct code gets every point; broken code costs its own component; remarks say what changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.core.manifest import Part
from autograder.core.model import Report
from tests.oddities.code import ODDITIES, Oddity
from tests.oddities.packing import PACKED, Files


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES)
def test_it_is_graded_fairly(
    oddity: Oddity, graded: Callable[[Files], Report], answers: Files, part: Part
) -> None:
    odd = oddity.change(answers[oddity.file].decode())
    assert odd != answers[oddity.file].decode()
    report = graded({**answers, oddity.file: odd.encode()})
    component = next(one for one in part.components if one.file == oddity.file)
    mine = [verdict.spec for verdict in report.verdicts if verdict.spec.component == component.name]
    kept = sum(spec.max_score for spec in mine if oddity.keeps in (None, spec.direction or "none"))
    expected = pytest.approx(part.points - component.points + kept)
    assert report.score == expected, [v.message for v in report.verdicts if not v.score]
    said = "\n".join([*report.remarks, *(violation.message for violation in report.violations)])
    assert oddity.remark in said
    assert bool(said) == bool(oddity.remark), said


def test_there_are_at_least_thirty() -> None:
    assert len(ODDITIES) + len(PACKED) >= 30
