"""One number as it is written: -0.830, −1.13 × 10⁻², 52 488, 0,25. Its last digit counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from theory.errors import FormError
from theory.parse.notation import SCRIPTS, plain_signs
from theory.parse.span import beginning_of, end_of, inside_brackets

MOST = 30  # digits
BLANKS = re.compile(
    r"\\[,;:! ]|[~\s]+|\\(?:thinspace|quad|displaystyle|textstyle)(?![A-Za-z])|\\[hv]space\{[^{}]{0,20}\}"
)
MARKS = re.compile(r"[$]|\\[()\[\]]|\\(?:left|right)(?![A-Za-z])")
WRAPPER = re.compile(r"\\(?:boxed|fbox|mathrm|mathbf|mathit|text|textbf|bm|ensuremath)\s?(?=\{)")
ABOUT = re.compile(r"(?:approx\.?|approximately|about|ca\.?|circa|roughly)\s", re.IGNORECASE)
UNIT = re.compile(
    r"\s(?:trainable |learnable |free |output )?(?:parameters?|params|weights|multiplications?|additions?|"
    r"comparisons?|operations?|ops|flops|macs|channels|numbers|values|inputs|features|neurons|units|pixels)",
    re.IGNORECASE,
)
SCALED = re.compile(
    r"(?P<number>.{1,99}?)\s?(?:[eE]\s?(?P<e>[+-]?[0-9]{1,2})"
    r"|(?:[*xX]|\\times|\\cdot)\s?10\s?(?:(?:\^|\*\*)\s?[{(]?\s?(?P<power>[+-]?\s?[0-9]{1,2})\s?[})]?"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})))"
)
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[ ',_])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,8}(?:\.[0-9]*)?")
DOTTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,8}(?:,[0-9]*)?")
COMMA = re.compile(r"[0-9]*,[0-9]+")


@dataclass(frozen=True)
class Literal:
    """A number with the unit of its last digit; `is_unclear`: a comma in it has two readings."""

    value: Fraction
    unit: Fraction
    is_unclear: bool = False


def literal(text: str) -> Literal | None:
    """Return the number that the whole of `text` is; None where it is anything else, such as a product.

    >>> literal(r"$-1.13 \\times 10^{-2}$")
    Literal(value=Fraction(-113, 10000), unit=Fraction(1, 10000), is_unclear=False)
    """
    stripped = bare(text)
    if len(stripped) > 2 * MOST:
        return None
    sign = re.match(r"(?:[+-]\s?)*", stripped)
    digits = stripped[sign.end() if sign else 0 :]
    exponent, scaled = 0, SCALED.fullmatch(digits)
    if scaled:
        digits = scaled["number"].strip()
        exponent = int(
            re.sub(r"\s", "", scaled["e"] or scaled["power"] or scaled["raised"].translate(SCRIPTS))
        )
    found = _decimal(digits)
    if found is None:
        return None
    if len(digits) > MOST:
        raise FormError(f"expected a number of at most {MOST} digits, got {len(digits)}.")
    factor = Fraction(10) ** exponent * (-1 if sign and sign.group(0).count("-") % 2 else 1)
    return Literal(found.value * factor, found.unit * abs(factor), found.is_unclear)


def bare(text: str) -> str:
    """Return what stands after the last `=`, without dollars, brackets, blanks and units around it."""
    signs = plain_signs(text).replace("{,}", ",")
    signs = signs[: end_of(signs)][beginning_of(signs) :]
    signs = " ".join(WRAPPER.sub("", MARKS.sub(" ", BLANKS.sub(" ", signs))).split())
    signs = ABOUT.sub("", signs, count=1) if ABOUT.match(signs) else signs
    for _ in range(9):
        unit = UNIT.search(signs)
        if unit and unit.end() == len(signs):
            signs = signs[: unit.start()]
        signs = inside_brackets(signs)
    return signs


def _decimal(digits: str) -> Literal | None:
    if PLAIN.fullmatch(digits):
        return _counted(digits)
    if THOUSANDS.fullmatch(digits):
        is_unclear = digits.count(",") == 1 and "." not in digits
        return _counted(re.sub("[ ',_]", "", digits), is_unclear=is_unclear)
    if DOTTED.fullmatch(digits):
        return _counted(digits.replace(".", "").replace(",", "."))
    if COMMA.fullmatch(digits):
        return _counted(digits.replace(",", "."))
    return None


def _counted(digits: str, *, is_unclear: bool = False) -> Literal:
    decimals = len(digits.partition(".")[2])
    return Literal(Fraction(f"0{digits.rstrip('.')}"), Fraction(1, 10**decimals), is_unclear)


def spelt(value: Fraction, unit: Fraction) -> str:
    """Write a number with all the digits that it was given with.

    >>> spelt(Fraction(-83, 100), Fraction(1, 1000))
    '-0.830'
    """
    if unit > 1:
        power = len(str(int(unit))) - 1
        return f"{value / unit}e{power}"
    places = len(str(unit.denominator)) - 1
    whole = str(abs(int(value / unit))).rjust(places + 1, "0")
    digits = f"{whole[: len(whole) - places]}.{whole[len(whole) - places :]}" if places else whole
    return f"-{digits}" if value < 0 else digits
