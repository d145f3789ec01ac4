"""Sketches agree where arrays do, and differ where these clearly differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.core.sketch import NUMBERS, agreeing, sketch_of

SOME = arrays(np.float64, array_shapes(max_dims=4, max_side=6), elements=st.floats(-100, 100))


@given(SOME, st.integers(0, 2**32 - 1))
def test_arrays_that_agree_within_a_tolerance_have_sketches_that_do(array, seed):
    noise = np.random.default_rng(seed).uniform(-1, 1, array.shape) * 1e-5 * np.abs(array).max()
    first, second = sketch_of(array), sketch_of(array + noise)
    assert agreeing(first, second, 2e-5 + 1e-6)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 5, 7), (4, 3, 3, 3)])
def test_one_entry_that_clearly_differs_is_seen(shape):
    array = np.random.default_rng(0).normal(size=shape)
    for index in range(array.size):
        other = array.copy()
        other.flat[index] += 0.05
        assert not agreeing(sketch_of(array), sketch_of(other), 1e-5)


def test_what_is_not_finite_has_an_empty_sketch():
    assert sketch_of(np.array([1.0, np.nan])).tolist() == [0.0] * NUMBERS
    assert sketch_of(np.zeros((0, 3))).tolist() == [0.0] * NUMBERS


def test_what_is_beyond_float32_agrees_with_nothing_and_nobody_is_warned() -> None:
    huge, plain = sketch_of(np.array([1e300, 1.0])), sketch_of(np.array([1.0, 2.0]))
    rows = np.stack([huge, plain])
    assert agreeing(rows, rows, np.array([1.0, 1e-9])).tolist() == [False, True]
