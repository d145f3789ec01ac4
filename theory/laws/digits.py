"""Digits of a number: how many must be given, and what goes wrong in writing one down."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy

from theory.forms import DecimalForm, Measured
from theory.law import Misconception, Sheet, is_rounding

DIGITS = 3  # significant ones, at least
KEPT = 6  # digits after those, at most, that students give
NEAR = sympy.Rational(1, 50)  # closer than this, a wrong number is taken to be rounded on the way


def has_digits(answer: Measured, exact: Any) -> bool:
    """Tell whether enough significant digits of `exact` are given; an exact value has enough."""
    return bool(answer.value == exact or answer.unit <= unit_of(exact))


def unit_of(exact: Any) -> Any:
    """Return the unit of the last significant digit that must be given."""
    if exact == 0:
        return sympy.Rational(1, 10**DIGITS)
    size = next(power for power in itertools.count(30, -1) if abs(exact) >= sympy.Rational(10) ** power)
    return sympy.Rational(10) ** (size - DIGITS + 1)


def near(value: Any, exact: Any) -> bool:
    """Tell whether two numbers differ by 2 percent or less."""
    return bool(abs(value - exact) <= NEAR * abs(exact))


def rounded(value: Any) -> str:
    """Write a number with one digit more than must be given."""
    unit = unit_of(value) / 10
    places = max(0, next(power for power in range(60) if sympy.Rational(1, 10**power) <= unit))
    return f"{float(round(Fraction(value.p, value.q) * 10**places)) / 10**places:.{places}f}"


def misconceptions_of_digits(exact: Any) -> list[Misconception]:
    """Return the slips of writing a number down: too few, one cut off, the decimal point, rounding."""
    unit = unit_of(exact)
    sign = 1 if exact > 0 else -1
    floor, last = _cut_off(exact, unit)
    coarse = sympy.floor(abs(exact) / (100 * unit) + sympy.Rational(1, 2)) * 100 * unit * sign
    examples = {
        "cut-off": ("A digit was cut off instead of rounded.", _written(floor, last)),
        "too-few-digits": (
            f"Right so far: give {DIGITS} significant digits.",
            _written(coarse, 100 * unit),
        ),
        "decimal-point": ("The digits are right; the decimal point is not.", rounded(exact * 10)),
    }
    found = [
        Misconception(id, hint, _has_digit_slip(id, exact), text)
        for id, (hint, text) in examples.items()
        if _has_digit_slip(id, exact)(DecimalForm().read(text), {})
    ]
    early = Misconception(
        "rounded-too-early",
        "Close, but a digit is wrong: keep more digits on the way and round at the end.",
        lambda answer, _sheet: (
            has_digits(answer, exact) and near(answer.value, exact) and not _slip_of(answer, exact)
        ),
        rounded(exact * sympy.Rational(101, 100)),
    )
    return [*found, early]


def _cut_off(exact: Any, unit: Any) -> tuple[Any, Any]:
    """Return `exact` cut off at the first digit from `unit` on where that is not rounding, and its unit."""
    for power in range(KEPT):
        last = unit / sympy.Integer(10) ** power
        short, sign = sympy.floor(abs(exact) / last) * last, sympy.sign(exact)
        if abs(exact) - short > last / 2:
            return short * sign, last
    return exact, unit


def _written(value: Any, unit: Any) -> str:
    return str(Measured(sympy.Rational(value), sympy.Rational(unit)))


def _has_digit_slip(id: str, exact: Any) -> Callable[[Any, Sheet], bool]:
    def matches(answer: Measured, _sheet: Sheet) -> bool:
        is_right = has_digits(answer, exact) and is_rounding(answer, exact)
        return not is_right and _slip_of(answer, exact) == id

    return matches


def _slip_of(answer: Any, exact: Any) -> str:
    """Return the name of a slip in the digits of a number that is right otherwise, or ""."""
    if exact == 0 or answer.value == 0:
        return ""
    ratio = abs(answer.value / exact)
    power = round(math.log10(float(ratio)))
    if power and abs(ratio / sympy.Rational(10) ** power - 1) < sympy.Rational(1, 100):
        return "decimal-point"
    difference = abs(answer.value - exact)
    if difference <= answer.unit / 2:
        return "too-few-digits"
    is_short = abs(answer.value) < abs(exact) and difference < answer.unit
    return "cut-off" if is_short else ""
