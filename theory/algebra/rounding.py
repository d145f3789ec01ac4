"""Formulas with floor and ceil in whole sizes: exact values at many sizes, for nothing else decides them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any

import sympy

from theory.errors import UndefinedError

LONGEST = 400  # parts of a formula
Sizes = dict[sympy.Symbol, Fraction]


def sizes_of(names: Sequence[sympy.Symbol], *, is_short: bool = False) -> list[Sizes]:
    """Return sizes (image, kernel, padding, stride) that the kernel fits into: small ones, and some large."""
    small = itertools.product((1, 2, 3, 5, 6, 7, 8, 10, 13, 16), (1, 2, 3, 5), (0, 1, 2), (1, 2, 3, 4))
    chosen = [sizes for sizes in small if sizes[0] + 2 * sizes[2] >= sizes[1]]
    drawn = random.Random(5)
    large = [(drawn.randint(100, 10**9), drawn.randint(1, 99), drawn.randint(0, 50), drawn.randint(1, 40))
             for _ in range(40)]  # fmt: skip
    found = chosen[::11] + large[:20] if is_short else chosen + large
    return [dict(zip(names, map(Fraction, sizes), strict=True)) for sizes in found]


def value_of(formula: Any, sizes: Sizes) -> Fraction:
    """Return the exact value; raise UndefinedError if it divides by zero, or is no formula of sizes."""
    if formula in sizes:
        return sizes[formula]
    if formula.is_Rational:
        return Fraction(int(formula.p), int(formula.q))
    parts = [value_of(part, sizes) for part in formula.args]
    if formula.is_Add:
        return sum(parts, Fraction(0))
    if formula.is_Mul:
        return math.prod(parts, start=Fraction(1))
    if isinstance(formula, (sympy.floor, sympy.ceiling)):
        return Fraction(math.floor(parts[0]) if isinstance(formula, sympy.floor) else math.ceil(parts[0]))
    if formula.is_Pow and formula.exp.is_Integer and abs(formula.exp) <= 8:
        if formula.exp < 0 and not parts[0]:
            raise UndefinedError("this divides by zero for some sizes.")
        return Fraction(parts[0] ** int(formula.exp))
    raise UndefinedError(f"{formula} cannot be evaluated here.")


def first_difference(first: Any, second: Any, names: Sequence[sympy.Symbol]) -> Sizes | None:
    """Return the first sizes at which two formulas differ; None if they agree at all that are tried."""
    check_length(first)
    return next(
        (sizes for sizes in sizes_of(names) if value_of(first, sizes) != value_of(second, sizes)), None
    )


def fingerprint(formula: Any, names: Sequence[sympy.Symbol]) -> Hashable:
    """Return the values at a few sizes, which different formulas do not share."""
    check_length(formula)
    return tuple(value_of(formula, sizes) for sizes in sizes_of(names, is_short=True))


def check_length(formula: Any) -> None:
    """Raise UndefinedError if a formula is longer than any answer needs to be."""
    if sum(1 for _ in itertools.islice(sympy.preorder_traversal(formula), LONGEST + 1)) > LONGEST:
        raise UndefinedError("it is too long to be compared: simplify it.")
