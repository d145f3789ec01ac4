"""The gradient checker that students reuse: right gradients pass, wrong ones are located."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4))
def test_the_numeric_gradient_of_a_smooth_function_is_right(
    part1: SimpleNamespace, seed: int, height: int, width: int
) -> None:
    x = np.random.default_rng(seed).uniform(0.5, 2, (height, width))
    before = x.copy()
    part1.gradient_check.check_gradients(
        lambda x: np.sum(np.sin(x) * x**2), x, np.cos(x) * x**2 + 2 * x * np.sin(x)
    )
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("dx", "message"),
    [
        (
            np.array([[2.0, 4.0], [6.0, -8.0]]),
            "dx[1, 1]: got -8, expected 8 (relative error 2.0e+00); 1 of 4 entries are wrong, this one most.",
        ),
        (
            np.array([[2.0, np.nan], [6.0, 1.0]]),
            "dx[0, 1]: got nan, expected 4 (relative error nan); 2 of 4 entries are wrong, this one most.",
        ),
        (
            np.array([[2.0, -0.0], [6.0, 8.0]]),
            "dx[0, 1]: got 0, expected 4 (relative error 5.0e-01); 1 of 4 entries are wrong, this one most.",
        ),
        (np.array([2.0, 4.0]), "dx: expected shape (2, 2), got (2,)."),
        (
            None,
            "dx: expected an array of shape (2, 2), got None: backward must store it as self.dx; "
            "its return value is not used.",
        ),
        ([[2.0, 4.0], [6.0, 8.0]], "dx: expected an array of shape (2, 2), got a list."),
    ],
    ids=["sign", "nan", "minus zero", "shape", "none", "list"],
)
def test_a_wrong_gradient_is_described(part1: SimpleNamespace, dx: Any, message: str) -> None:
    with pytest.raises(AssertionError) as caught:
        part1.gradient_check.check_gradients(lambda x: np.sum(x**2), np.array([[1.0, 2.0], [3.0, 4.0]]), dx)
    assert str(caught.value) == message


def test_an_error_far_below_the_gradients_size_is_forgiven(part1: SimpleNamespace) -> None:
    x = np.array([1000.0, 1.0])
    part1.gradient_check.check_gradients(lambda x: np.sum(x**2), x, 2 * x + [0.0, 0.1])
    with pytest.raises(AssertionError, match=r"dx\[1\]: got 3, expected 2"):
        part1.gradient_check.check_gradients(lambda x: np.sum(x**2), x, 2 * x + [0.0, 1.0])


def test_zero_gradients_agree(part1: SimpleNamespace) -> None:
    part1.gradient_check.check_gradients(lambda x: 5.0, np.ones((2, 3)), np.zeros((2, 3)))
