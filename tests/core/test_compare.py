"""What `difference` finds, and what it tells the student."""

from __future__ import annotations

import re

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.compare import agree, difference, distinct_numbers


def image(seed=0, shape=(2, 3, 5, 6)):
    return np.random.default_rng(seed).normal(size=shape)


def described(expected, got):
    found = difference(expected, got)
    assert found is not None
    return found.describe()


numbers = arrays.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.bool_]),
    arrays.array_shapes(min_dims=0, max_dims=4, max_side=4),
)


@given(numbers)
def test_an_array_never_differs_from_itself(array):
    assert difference(array, array.copy()) is None
    assert agree(array, array)


@given(numbers, numbers)
def test_whatever_comes_a_difference_is_a_share_and_a_sentence(expected, got):
    found = difference(expected, got)
    assert (found is None) == agree(expected, got)
    if found is not None:
        assert 0 < found.share <= 1
        assert found.describe()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9], ids=["small", "one", "large"])
def test_the_tolerance_is_relative_to_the_largest_entry(scale):
    expected = np.array([scale, 0.0, -scale / 2])
    assert difference(expected, expected + 0.9e-5 * scale) is None
    assert difference(expected, expected + 1.1e-5 * scale) is not None


def test_float32_arithmetic_is_no_difference():
    x, w = image(1, (20, 30)), image(2, (30, 10))
    assert difference(x @ w, x.astype(np.float32) @ w.astype(np.float32)) is None


def test_zeros_are_compared_absolutely():
    assert difference(np.zeros(3), np.full(3, 1e-6)) is None
    assert difference(np.zeros(3), np.full(3, 1e-4)) is not None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_named_and_is_wrong(bad):
    got = image()
    got[0, 0, 0, 0] = bad
    found = difference(image(), got)
    assert found.error == np.inf
    assert found.describe() == "is NaN or infinite in 1 of its 180 entries"


def test_the_same_nan_and_the_same_infinity_agree_so_that_broken_replies_can_be_compared():
    array = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert difference(array, array.copy()) is None
    assert difference(array, np.array([np.nan, -np.inf, -np.inf, 1.0])) is not None


def test_a_wrong_shape_is_told_with_both_shapes():
    assert described(image(), image(1, (2, 3, 5, 5))) == "has shape (2, 3, 5, 5), expected (2, 3, 5, 6)"


def test_a_scalar_is_not_an_array_of_one():
    assert described(np.array(2.0), np.array([2.0])) == "has shape (1,), expected ()"


@pytest.mark.parametrize(
    ("index", "place"),
    [
        ((slice(None), slice(None), -1), "only in the last row"),
        ((slice(None), slice(None), slice(None), -1), "only in the last column"),
        ((slice(None), slice(None), 0, [0, -1]), "only in the corners"),
        ((slice(None), slice(None), [0, -1]), "only at the border"),
        ((1,), "only at index 1 of axis 0"),
        ((slice(None), 2), "only at index 2 of axis 1"),
        ((1, slice(None), -1), "only in the last row, at index 1 of axis 0"),
    ],
    ids=["last-row", "last-column", "corners", "border", "sample", "channel", "row-of-a-sample"],
)
def test_the_place_of_the_errors_is_named(index, place):
    got = image()
    got[index] += 1 + np.abs(image(3))[index]
    assert place in described(image(), got)


def test_the_place_is_said_in_the_names_of_the_axes_where_these_are_known():
    got = image()
    got[1, :, -1] += 1
    found = difference(image(), got, axes=("image", "filter"))
    assert found.place == "only in the last row, in image 1 (counted from 0)"
    got = image()
    got[:, 2] *= 2
    assert difference(image(), got, axes=("image",)).place == "only at index 2 of axis 1"


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        (
            lambda a: a + np.array([1, -2, 3]).reshape(3, 1, 1),
            "right except for an added constant for each filter",
        ),
        (lambda a: a[:, [0, 2, 1]], "the right numbers in the wrong places"),
    ],
    ids=["bias", "shuffled"],
)
def test_a_relation_is_said_in_the_names_of_the_axes(change, relation):
    assert difference(image(), change(image()), axes=("image", "filter")).relation == relation


def test_the_last_row_and_column_are_named_together():
    got = image()
    got[:, :, -1] *= 3
    got[:, :, :, -1] *= 2
    assert "only in the last row and column" in described(image(), got)


def test_errors_here_and_there_have_no_place():
    got = image()
    got[0, 0, 2, 2] += 1
    got[1, 1, 1, 3] -= 1
    assert described(image(), got) == "is wrong in 1 % of its entries"


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        (np.zeros_like, "all entries are 0"),
        (lambda a: -a, "every entry has the opposite sign"),
        (lambda a: a / 7, "right except for a constant factor"),
        (lambda a: a + 0.5, "right except for an added constant"),
        (
            lambda a: a + np.array([1, -2, 3]).reshape(3, 1, 1),
            "right except for an added constant for each index of axis 1",
        ),
        (lambda a: a[..., ::-1, ::-1], "right, but upside down and mirrored"),
        (lambda a: a[..., ::-1], "right, but mirrored left to right"),
        (lambda a: a[::-1], "the right numbers in the wrong places"),
        (lambda a: a.swapaxes(2, 3), "right, but with rows and columns swapped"),
        (np.trunc, "right, but truncated to whole numbers"),
        (lambda a: a > 0, "all entries are 0 or 1"),
        (lambda a: a.reshape(6, 5, 6), "the right numbers, in a different shape"),
    ],
    ids=[
        "zero",
        "sign",
        "factor",
        "offset",
        "bias",
        "rotated",
        "mirrored",
        "shuffled",
        "transposed",
        "whole-numbers",
        "mask",
        "reshaped",
    ],
)
def test_a_certain_relation_is_named(change, relation):
    assert described(image(), change(image())).endswith(": " + relation)


def test_a_square_transposed_matrix_is_recognised():
    square = image(4, (5, 5))
    assert described(square, square.T).endswith("right, but with its last two axes swapped")


@pytest.mark.parametrize(
    "expected", [np.ones((2, 2)), np.array(3.0), np.array([1.0, 2.0])], ids=["ones", "scalar", "two"]
)
def test_nothing_is_claimed_about_too_few_numbers(expected):
    assert difference(expected, 2.5 * expected).relation == ""


@given(st.integers(0, 2**32 - 1))
def test_noise_has_no_relation(seed):
    found = difference(image(seed), image(seed + 1))
    assert (found.relation, found.place) == ("", "")


@given(st.integers(0, 2**32 - 1))
def test_no_expected_number_is_told(seed):
    expected = np.random.default_rng(seed).normal(size=(2, 2, 4, 4)) * 100
    for got in (expected * 0.5, expected + 1, expected[:1], expected[..., ::-1]):
        for number in re.findall(r"\d+\.\d+", described(expected, got)):
            assert not np.isclose(np.abs(expected), float(number), rtol=1e-2).any()


def test_huge_numbers_are_compared_without_a_warning():
    assert difference(np.full((2, 2), 1e308), np.full((2, 2), -1e308)) is not None


def test_objects_and_complex_numbers_are_refused():
    with pytest.raises(TypeError, match="real numbers, got dtype complex128"):
        difference(np.zeros(2), np.zeros(2, dtype=complex))


def test_distinct_numbers_counts_finite_ones_only():
    assert distinct_numbers(np.array([1.0, 1.0, 2.0, np.nan, np.inf])) == {1.0, 2.0}
