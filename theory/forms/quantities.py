"""Numbers, sizes and intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sympy

from theory.errors import FormError
from theory.forms.form import scalar, short
from theory.parse import parse

SIZE = re.compile(
    r"\(?\s{0,9}([0-9]{1,9}(?:\s{0,9}(?:x|X|×|\*|,|by|\\times|\s)\s{0,9}[0-9]{1,9}){0,4})\s{0,9}\)?"
)
INTERVAL = re.compile(r"([(\[\]])([^,;]{1,99})[,;]([^,;]{1,99})([)\[\]])", re.DOTALL)
BETWEEN = re.compile(
    r"([^<≤]{1,99})(<=|<|≤)\s{0,9}[A-Za-z\\][A-Za-z()\\ ]{0,20}(<=|<|≤)([^<≤]{1,99})", re.DOTALL
)
DECIMAL = re.compile(r"[+\-−]?[0-9]{0,20}(?:\.([0-9]{0,20}))?(?:[eE]([+-]?[0-9]{1,2}))?")


@dataclass(frozen=True)
class NumberForm:
    """One exact number; with `is_whole`, a whole one."""

    is_whole: bool = False

    @property
    def described(self) -> str:
        """Say which kind of number."""
        return "one whole number" if self.is_whole else "one number, such as 3/2 or 1.5"

    def read(self, text: str) -> Any:
        """Return a sympy Rational; a comma between three digits parts thousands: 61,706."""
        if re.fullmatch(r"\s*[0-9]{1,3}(,[0-9]{3}){1,4}\s*", text):
            text = text.replace(",", "")
        value = scalar(parse(text), self.described)
        if not value.is_Rational or (self.is_whole and not value.is_Integer):
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return value


@dataclass(frozen=True)
class Measured:
    """A decimal as written: its exact value, and the unit of its last digit (0 for an exact fraction)."""

    value: sympy.Rational
    unit: sympy.Rational

    def __str__(self) -> str:
        """Write the value."""
        return str(self.value)


@dataclass(frozen=True)
class DecimalForm:
    """One decimal; as many digits count as are given."""

    digits: int = 3

    @property
    def described(self) -> str:
        """Say how many digits are wanted."""
        return f"one decimal with at least {self.digits} significant digits"

    def read(self, text: str) -> Measured:
        """Return the value with the unit of its last digit."""
        stripped = text[text.rfind("=") + 1 :].strip()
        found = DECIMAL.fullmatch(stripped)
        if found is None or not any(char.isdigit() for char in stripped):
            value = scalar(parse(stripped), self.described)
            if not value.is_Rational:
                raise FormError(f"expected {self.described}, got {short(text)}.")
            return Measured(value, sympy.Integer(0))
        decimals = len(found.group(1) or "") - int(found.group(2) or 0)
        return Measured(sympy.Rational(stripped.replace("−", "-")), sympy.Rational(10) ** -decimals)


@dataclass(frozen=True)
class SizeForm:
    """Sizes along the axes, such as 4 x 9."""

    axes: tuple[str, ...] = ("rows", "columns")

    @property
    def described(self) -> str:
        """Name the axes."""
        return f"{' x '.join(self.axes)}, such as {' x '.join(['3', '5', '7', '9'][: len(self.axes)])}"

    def read(self, text: str) -> tuple[int, ...]:
        """Return the sizes."""
        stripped = text[text.rfind("=") + 1 :].strip().strip("$")
        found = SIZE.fullmatch(stripped)
        sizes = tuple(int(number) for number in re.findall("[0-9]+", found.group(1))) if found else ()
        if not sizes:
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return sizes


@dataclass(frozen=True)
class Interval:
    """A range of numbers; an open end does not belong to it."""

    left: Any
    right: Any
    is_left_open: bool = True
    is_right_open: bool = True

    def __str__(self) -> str:
        """Write the interval with round brackets for open ends."""
        ends = ("[("[self.is_left_open], "])"[self.is_right_open])
        return f"{ends[0]}{self.left}, {self.right}{ends[1]}".replace("oo", "inf")


@dataclass(frozen=True)
class IntervalForm:
    """An interval, such as (0, 1], ]0, 1] or 0 < y <= 1."""

    described: str = "an interval, such as (2, 5] or 2 < y <= 5"

    def read(self, text: str) -> Interval:
        """Return the interval."""
        stripped = re.sub(r"\\(left|right)(?![a-z])", "", text.strip().strip("$"))
        stripped = re.sub(r"\\leq?(?![a-z])", "≤", stripped)
        if found := BETWEEN.fullmatch(stripped):
            left, first, second, right = found.groups()
            return Interval(*self._ends(left, right), first == "<", second == "<")
        if found := INTERVAL.fullmatch(stripped):
            opening, left, right, closing = found.groups()
            return Interval(*self._ends(left, right), opening != "[", closing != "]")
        raise FormError(f"expected {self.described}, got {short(text)}.")

    def _ends(self, left: str, right: str) -> tuple[Any, Any]:
        ends = scalar(parse(left), "a number"), scalar(parse(right), "a number")
        if not ends[0] < ends[1]:
            raise FormError(f"expected the smaller end first, got {short(left)} and {short(right)}.")
        return ends
