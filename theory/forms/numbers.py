"""Forms of one number, exact or as a decimal whose digits count."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theory.errors import FormError
from theory.forms.form import scalar, short
from theory.forms.literal import Literal, bare, literal, spelt

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class NumberForm:
    """One exact number; with `is_whole`, a whole one."""

    is_whole: bool = False

    @property
    def described(self) -> str:
        """Say which kind of number."""
        return "one whole number" if self.is_whole else "one number, such as 3/2 or 1.5"

    def read(self, text: str) -> Any:
        """Return a sympy Rational; 52,488 is a whole number, and 0,5 is 1/2."""
        found = _literal(text, is_whole=self.is_whole)
        value = _rational(found.value) if found else _formula(text, self.described)
        if not value.is_Rational or (self.is_whole and not value.is_Integer):
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return value

    def shown(self, text: str, value: Any) -> str:
        """Write the number as the student did, where it is one, and else what it comes to."""
        found = literal(text)
        return spelt(found.value, found.unit) if found else str(value)


@dataclass(frozen=True)
class Measured:
    """A decimal as written: its exact value, and the unit of its last digit (0 for an exact fraction)."""

    value: sympy.Rational
    unit: sympy.Rational

    def __str__(self) -> str:
        """Write the value with the digits that it was given with."""
        if self.unit == 0:
            return str(self.value)
        return spelt(*(Fraction(int(one.p), int(one.q)) for one in (self.value, self.unit)))


@dataclass(frozen=True)
class DecimalForm:
    """One decimal; as many digits count as are given."""

    digits: int = 3

    @property
    def described(self) -> str:
        """Say how many digits are wanted."""
        return f"one decimal with at least {self.digits} significant digits"

    def remark(self, value: Measured) -> str:
        """Return a sentence for a decimal with few digits, which may be the exact value; else ""."""
        if value.unit == 0 or abs(value.value) >= value.unit * 10 ** (self.digits - 1):
            return ""
        return f"Unless this is the exact value, give at least {self.digits} significant digits."

    def read(self, text: str) -> Measured:
        """Return the value with the unit of its last digit; a fraction or a product is exact."""
        found = _literal(text, is_whole=False)
        if found:
            return Measured(_rational(found.value), _rational(found.unit))
        value = _formula(text, self.described)
        if not value.is_Rational:
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return Measured(value, _rational(Fraction(0)))


def _literal(text: str, *, is_whole: bool) -> Literal | None:
    found = literal(text)
    if found and found.is_unclear and not is_whole:
        whole, decimal = bare(text).replace(",", ""), bare(text).replace(",", ".")
        raise FormError(f"{short(text)} may mean {whole} or {decimal}: write one of them.")
    return found


def _formula(text: str, described: str) -> Any:
    from theory.parse import parse

    return scalar(parse(text), described)


def _rational(value: Fraction) -> sympy.Rational:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)
