"""Case sets: the same tests with other arrays, of which one submission meets one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.model import Case
from autograder.course import Course
from autograder.hidden_tests.convnet.cases import conv_case
from autograder.hidden_tests.remembered import in_case_set, remembered
from tests.names import components_with_tests

COMPONENTS = components_with_tests("convnet")


def contents(cases: Mapping[str, Case]) -> set[bytes]:
    """Return the arrays of real numbers that a spy could collect from these cases."""
    arrays = (array for case in cases.values() for array in case.arrays.values())
    return {array.tobytes() for array in arrays if array.dtype.kind == "f"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_array_of_one_set_occurs_in_another(component: str, course: Course, key: AnswerKey) -> None:
    part = course.manifest.part("convnet")
    sets = [key.cases_of(component, each) for each in range(part.case_sets)]
    assert len(sets) >= 3
    for one, other in combinations(sets, 2):
        assert contents(one)
        assert not contents(one) & contents(other)


@pytest.mark.parametrize("component", COMPONENTS)
def test_all_sets_ask_the_same_questions(component: str, course: Course, key: AnswerKey) -> None:
    part = course.manifest.part("convnet")
    first, *others = [list(key.cases_of(component, each).values()) for each in range(part.case_sets)]
    for other in others:
        for a, b in zip(first, other, strict=True):
            assert (a.probe, dict(a.settings)) == (b.probe, dict(b.settings))
            assert {name: array.shape for name, array in a.arrays.items()} == {
                name: array.shape for name, array in b.arrays.items()
            }


def test_a_case_can_be_drawn_for_any_set_from_any_set() -> None:
    third = in_case_set(conv_case(11, padding=1), 3)
    assert third is in_case_set(in_case_set(third, 1), 3)
    assert in_case_set(third, 0) is conv_case(11, padding=1)
    assert not np.array_equal(third.arrays["x"], conv_case(11, padding=1).arrays["x"])
    with pytest.raises(ValueError, match="read-only"):
        third.arrays["x"][0] = 0.0


def test_a_case_that_is_not_drawn_is_the_same_in_all_sets() -> None:
    @remembered
    def fixed(value: float) -> Case:
        return Case("probe", {}, {"x": np.full(3, value)})

    assert in_case_set(fixed(2.0), 4) is fixed(2.0)
