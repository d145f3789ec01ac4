"""What a hidden test must say for itself before it is run."""

from __future__ import annotations

import math

import pytest
from gradescope_utils.autograder_utils.decorators import number, tags, visibility, weight

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.scoring import mismatched_points
from autograder.course import load_course
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.collect import _natural, _spec, collect, hidden_tests


def said(self):
    """ReLU.forward: the first line is what the student reads.

    The rest is for us.
    """


def spec(*decorators, method=said, component="relu"):
    def copy(self):
        pass

    copy.__doc__ = method.__doc__ if method else None
    for decorator in decorators:
        copy = decorator(copy)
    cls = type("TestSample", (HiddenTestCase,), {"component": component, "test_it": copy})
    return _spec(cls, "test_it")


ALL = (weight(2.5), number("3.1"), tags("relu", "forward", "easy"), visibility("after_published"))


def test_decorators_and_docstring_become_the_spec():
    found = spec(*ALL)
    assert (found.id, found.number, found.component) == ("TestSample.test_it", "3.1", "relu")
    assert found.name == "ReLU.forward: the first line is what the student reads."
    assert (found.direction, found.max_score, found.visibility) == ("forward", 2.5, "after_published")
    assert found.tags == ("relu", "forward", "easy")


@pytest.mark.parametrize(
    ("decorators", "message"),
    [
        (ALL[1:], r"expected @weight\(points\) with a number of at least 0, got None"),
        ((weight(math.nan), *ALL[1:]), "got nan"),
        ((weight(-1), *ALL[1:]), "got -1"),
        ((ALL[0], *ALL[2:]), r'expected @number\("1\.2"\)'),
        ((*ALL[:2], tags("forward")), "expected the component 'relu' among its @tags"),
    ],
    ids=["no-weight", "nan", "negative", "no-number", "no-component"],
)
def test_a_test_that_does_not_say_all_is_refused_by_its_name(decorators, message):
    with pytest.raises(CourseError, match=rf"TestSample\.test_it: .*{message}"):
        spec(*decorators)


def test_a_test_without_a_docstring_is_refused():
    with pytest.raises(CourseError, match="expected a docstring, because students read it"):
        spec(*ALL, method=None)


def test_a_part_without_tests_is_refused():
    with pytest.raises(CourseError, match="expected a package 'nothing' with tests"):
        hidden_tests("nothing")


def test_numbers_are_ordered_as_people_count():
    assert sorted(["1.10", "1.9", "2.1", "1.2"], key=_natural) == ["1.2", "1.9", "1.10", "2.1"]


@pytest.fixture
def part() -> Part:
    return load_course().manifest.part("convnet")


def test_the_tests_of_part_1_are_whole(part):
    specs = collect(part)
    assert mismatched_points(part, specs) == ()
    assert [one.number for one in specs] == sorted((one.number for one in specs), key=_natural)
    assert {one.component for one in specs} == {component.name for component in part.components}
    assert all(one.direction in ("forward", "backward", "update") for one in specs)
    assert all(one.name.endswith(".") and len(one.name) <= 120 for one in specs)
