"""Shared points add up, as they are shown and to the last hundredth."""

from __future__ import annotations

import doctest
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core import shares as module
from autograder.core.shares import shares
from autograder.render.text import number

WEIGHTS = st.lists(st.integers(0, 9), min_size=1, max_size=40).filter(any)
POINTS = st.integers(0, 30_000).map(lambda hundredths: hundredths / 100)


def test_the_example_holds() -> None:
    assert doctest.testmod(module).failed == 0


@given(WEIGHTS, POINTS)
def test_what_is_shown_adds_up_to_what_is_shown(weights: list[int], points: float) -> None:
    shown = [Decimal(number(each)) for each in shares(weights, points)]
    assert sum(shown) == Decimal(number(points))


@given(WEIGHTS, POINTS)
def test_nobody_is_a_hundredth_away_from_the_proportion(weights: list[int], points: float) -> None:
    for weight, share in zip(weights, shares(weights, points), strict=True):
        assert abs(share - points * weight / sum(weights)) < 0.01 + 1e-9


@given(WEIGHTS)
def test_weights_that_add_up_already_stay_as_they_are(weights: list[int]) -> None:
    assert shares(weights, sum(weights)) == tuple(map(float, weights))


@given(WEIGHTS, POINTS, st.randoms())
def test_a_larger_weight_never_gets_less(weights: list[int], points: float, random: object) -> None:
    pairs = sorted(zip(weights, shares(weights, points), strict=True))
    assert all(one[1] <= other[1] for one, other in itertools.pairwise(pairs) if one[0] < other[0])


@pytest.mark.parametrize("weights", [[], [0, 0]], ids=["none", "zeros"])
def test_without_weights_there_is_nothing_to_share(weights: list[int]) -> None:
    assert shares(weights, 3.0) == (0.0,) * len(weights)
