"""The output's side as a formula with rounding: right in every spelling, and only if it counts the places."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.algebra.rounding import value_of
from theory.check import AnswerResult
from theory.errors import ParseError
from theory.laws.side_formula import NAMES, right_side
from theory.parse import Vocabulary, parse

Check = Callable[..., AnswerResult]
ROUNDED = Vocabulary.of(scalars=[(name, ()) for name in "nkps"], functions=["floor", "ceil"])


@pytest.mark.parametrize(
    "text",
    [
        "floor((n + 2p - k)/s) + 1", "(n + 2p - k)//s + 1",
        r"\left\lfloor \frac{n+2p-k}{s} \right\rfloor + 1",
        "⌊(n−k+2p)/s⌋ + 1", "ceil((n+2p-k+1)/s)", "floor((n+2p-k+s)/s)", "int((n+2*p-k)/s) + 1",
        "math.floor((n + 2*p - k)/s) + 1", r"\lceil (n+2p-k+1)/s \rceil", "1 + (n-k+p+p)//s",
        "H' = floor((n+2p-k)/s) + 1", "floor((n+2p-k)/s + 1)", r"$\lfloor (n+2p-k)/s \rfloor+1$.",
        "⌈(n+2p-k+1)/s⌉",
        r"\bigl\lfloor\tfrac{n-k+2p}s\bigr\rfloor+1", "(2p + n - k) // s + 1", "1 - ceil((k - n - 2p)/s)",
        "floor(floor(n + 2p - k)/s) + 1", "np.floor((n - k + 2*p) / s) + 1", "1+⌊(n+2·p−k)÷s⌋",
    ],
)  # fmt: skip
def test_every_spelling_of_the_side_is_right(check: Check, text: str) -> None:
    assert check("output_sizes.side", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [
        ("(n+2p-k)/s + 1", "not-rounded"), ("floor((n+p-k)/s) + 1", "both-sides-lost"),
        ("floor((n+2p-k)/s)", "first-place-left-out"), ("ceil((n+2p-k)/s) + 1", "rounded-up"),
        ("floor((n+2p-k+1)/s)", "first-place-inside-the-fraction"), ("floor((n+2p+k)/s) + 1",
        "sign-of-kernel"),
        ("(n+2p-k)//k + 1", "kernel-for-stride"), ("n//s", "image-divided-by-the-stride"),
        ("n+2p-k+1", "not-divided-by-stride"), ("floor((n+2p-k)/s) + 2", "one-place-too-many"),
        ("floor((n+2p)/s) + 1", "kernel-left-out"), ("floor((n+2p-k)/s) + 1 + floor(n/1000)", ""), ("n", ""),
        ("floor((n+2p-k)/(s-1)) + 1", ""), ("7", ""), ("floor((n+2p-k)/s - 1/1000) + 1", "one-step-too-few"),
    ],
)  # fmt: skip
def test_wrong_formulas_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("output_sizes.side", text)
    assert (result.status, result.misconception, result.points) == ("wrong", misconception, 0)


def test_a_formula_too_long_to_compare_is_wrong_in_time(check: Check) -> None:
    text = "+".join(f"floor((n+{number})/(s+{number + 1}))" for number in range(150))
    assert check("output_sizes.side", text).status == "wrong"


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 3), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_the_formula_agrees_with_torch(n: int, k: int, p: int, s: int) -> None:
    if n + 2 * p < k:
        return
    out = torch.nn.functional.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), stride=s, padding=p)
    sizes = dict(zip(NAMES, map(Fraction, (n, k, p, s)), strict=True))
    assert value_of(right_side(), sizes) == out.shape[2]


@pytest.mark.parametrize(
    ("text", "value"),
    [("7//2", 3), ("⌊7/2⌋", 3), ("⌈7/2⌉", 4), ("20//3//2", 3), ("2*7//3", 4), ("-7//2", -4)],
)
def test_numbers_are_rounded_at_once(text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize("text", ["⌊n", "n//", "//n", "⌊n)", "n // 0", "floor n", "⌊⌋"])
def test_rounding_that_is_not_finished_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text, ROUNDED)


def test_rounding_is_refused_where_nothing_is_rounded() -> None:
    with pytest.raises(ParseError, match="this answer uses no rounding"):
        parse("⌊x⌋", Vocabulary.of(scalars=[("x", ())]))
