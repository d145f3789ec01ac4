"""Right answers that look nothing like the solution get full marks, and are never told of a bug."""

from __future__ import annotations

import pytest

from autograder.core.model import Outcome
from autograder.course import load_course
from tests.hidden_tests.grading import styles_of

STYLES = sorted(styles_of(load_course().manifest.part("convnet")))


@pytest.mark.parametrize("name", STYLES)
def test_another_right_answer_gets_full_marks(name, grade, alternative):
    found = grade(alternative(name))
    assert found.problems == []
    assert found.named == []
    assert found.is_full


def test_seven_loops_stay_far_inside_the_limits(grade, alternative):
    found = grade(alternative("loops"))
    assert max(verdict.seconds for verdict in found.verdicts) < 1.0


def test_a_solution_that_rounds_its_input_to_float32_passes(grade, course):
    source = course.solution(course.manifest.part("convnet"))["modules/convolution.py"].decode()
    rounded = source.replace(
        "self._check_input(x)\n", "self._check_input(x)\n        x = x.astype(np.float32)\n", 1
    )
    assert rounded != source
    assert grade({"modules/convolution.py": rounded}, "conv2d").problems == []


def test_the_slope_of_relu_at_zero_is_free(grade, alternative):
    at_zero = alternative("loops")["modules/relu.py"]
    assert "x[index] >= 0" in at_zero
    assert grade({"modules/relu.py": at_zero}, "relu").problems == []
    assert grade({"modules/relu.py": at_zero.replace("x[index] >= 0", "x[index] > 0")}, "relu").problems == []


def test_an_unfinished_file_gets_nothing_and_no_diagnosis(grade, course):
    part = course.manifest.part("convnet")
    found = grade({path: text.decode() for path, text in course.skeleton(part).items()})
    assert sum(verdict.score for verdict in found.verdicts) == 0
    assert {verdict.outcome for verdict in found.verdicts} == {Outcome.RAISED}
    assert found.named == []
    assert all(" is not written yet (" in verdict.message for verdict in found.verdicts)
