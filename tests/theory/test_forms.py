from __future__ import annotations

import pytest
import sympy

from theory.errors import FormError, ParseError
from theory.forms import (
    DecimalForm,
    ExpressionForm,
    Form,
    IntervalForm,
    ListForm,
    MatrixForm,
    NumberForm,
    SizeForm,
    TextForm,
)
from theory.parse import Vocabulary

X = Vocabulary.of(scalars=[("x", ())])


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        (ExpressionForm(X), "[1, 2]", "expected one formula in x, got a 1 x 2 matrix"),
        (NumberForm(), "1, 2", "expected one number, such as 3/2 or 1.5, got a 1 x 2 matrix"),
        (NumberForm(is_whole=True), "3/2", "expected one whole number, got '3/2'"),
        (DecimalForm(), "1, 2", "at least 3 significant digits, got a 1 x 2 matrix"),
        (SizeForm(), "four", "expected rows x columns, such as 3 x 5, got 'four'"),
        (SizeForm(), "4 x", "expected rows x columns"),
        (IntervalForm(), "-1 to 1", "expected an interval"),
        (IntervalForm(), "(1, -1)", "expected the smaller end first, got '1' and '-1'"),
        (ListForm(X), "x + 1, 2", "expected a list of x, separated by commas"),
        (TextForm(words=3), "one two three four", "up to 3 words; a person grades them, got 4 words"),
    ],
)
def test_what_has_another_form_is_told_the_form(form: Form, text: str, words: str) -> None:
    with pytest.raises(FormError) as caught:
        form.read(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "form", [NumberForm(), SizeForm(), IntervalForm(), DecimalForm(), ListForm(), MatrixForm()]
)
@pytest.mark.parametrize(
    "text", ["", "((", "x" * 20_000, "1" * 9_999, "[" * 500, "," * 5_000, "1 x " * 2_000, "<" * 999]
)
def test_only_our_own_errors_come_out_of_a_form(form: Form, text: str) -> None:
    with pytest.raises((FormError, ParseError)) as caught:
        form.read(text)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("-0.640", "-16/25", "1/1000"), ("1.13e-2", "113/10000", "1/10000"), ("4/5", "4/5", "0"),
     ("12", "12", "1"),
     ("x = 0.5", "1/2", "1/10"), ("−.25", "-1/4", "1/100")],
)  # fmt: skip
def test_decimals_remember_their_last_digit(text: str, value: str, unit: str) -> None:
    read = DecimalForm().read(text)
    assert (read.value, read.unit) == (sympy.Rational(value), sympy.Rational(unit))
