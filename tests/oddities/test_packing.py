"""However right answers are packed, they get every point, and a remark where something was corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.core.model import Report
from tests.oddities.packing import PACKED, Files


@pytest.mark.parametrize(("pack", "remark"), PACKED.values(), ids=PACKED)
def test_it_gets_every_point(
    pack: Callable[[Files], Files], remark: str, graded: Callable[[Files], Report], answers: Files
) -> None:
    report = graded(pack(answers))
    assert report.problem == ""
    assert report.score == report.max_score
    said = "\n".join([*report.remarks, *(violation.message for violation in report.violations)])
    assert remark in said
    assert bool(said) == bool(remark)
