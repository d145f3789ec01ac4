"""Cases that are made once."""

import numpy as np
import pytest

from autograder.core.model import Case
from autograder.hidden_tests.convnet.cases import conv_case
from autograder.hidden_tests.remembered import remembered


def test_a_case_is_made_once_for_the_same_arguments():
    made = []

    @remembered
    def build(seed: int, sizes: list[int], *, step: float = 1.0) -> Case:
        made.append((seed, sizes, step))
        return Case("probe", {"step": step}, {"x": np.full(sizes, seed)})

    assert build(1, [2, 3]) is build(1, [2, 3])
    assert build(1, [2, 3], step=2.0) is not build(1, [2, 3])
    assert build(1, [3, 2]).key != build(1, [2, 3]).key
    assert made == [(1, [2, 3], 1.0), (1, [2, 3], 2.0), (1, [3, 2], 1.0)]


def test_one_and_true_are_different_arguments():
    @remembered
    def build(value: int) -> Case:
        return Case("probe", {"value": value})

    assert build(1).settings["value"] is not build(True).settings["value"]


def test_nobody_can_change_a_case_that_others_are_asked():
    with pytest.raises(ValueError, match="read-only"):
        conv_case(11).arrays["x"][0] = 0.0
