"""Outputs that were recorded earn nothing in another case set: every verdict rests on what was computed."""

from __future__ import annotations

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.scoring import earned
from autograder.course import Course
from autograder.hidden_tests.runner import Examiner, run
from tests.names import components_with_tests


def replayed(key: AnswerKey, part: Part, component: str, *, recorded: int, asked: int) -> float:
    """Return the points of right outputs to the case set `recorded`, given as answers to the set `asked`."""
    then, now = (key.cases_of(component, each) for each in (recorded, asked))
    table = {new: key.reference(old) for new, old in zip(now, then.values(), strict=True)}
    examiner = Examiner(lambda case: table[case.key], key.reference, case_set=asked)
    return earned(run(part, examiner, component=component))


@pytest.mark.parametrize("component", components_with_tests("convnet"))
def test_right_outputs_to_one_set_earn_nothing_in_any_other(
    component: str, course: Course, key: AnswerKey
) -> None:
    part = course.manifest.part("convnet")
    for asked in range(1, part.case_sets):
        assert replayed(key, part, component, recorded=0, asked=asked) == 0
    assert replayed(key, part, component, recorded=1, asked=1) == part.component(component).points
