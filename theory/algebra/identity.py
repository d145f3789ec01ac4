"""Identity of formulas, and of matrices of formulas, at random points of the tower."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy

from theory.algebra.tower import Point

POINTS = 2  # a wrong answer passes one of them with probability below 1e-20
NO_DEFINITIONS: Mapping[sympy.Symbol, Any] = MappingProxyType({})


def is_zero(formula: Any, definitions: Mapping[sympy.Symbol, Any] = NO_DEFINITIONS) -> bool:
    """Tell whether `formula` is zero wherever it is defined; raise UndefinedError if it nowhere is.

    >>> x = sympy.Symbol("x")
    >>> is_zero(sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2 - 1)
    True
    """
    return all(Point(seed, definitions).value(formula) == 0 for seed in range(POINTS))


def are_equal(first: Any, second: Any, definitions: Mapping[sympy.Symbol, Any] = NO_DEFINITIONS) -> bool:
    """Tell whether two formulas, or two matrices of formulas, are identical; shapes must agree too."""
    if isinstance(first, sympy.MatrixBase) or isinstance(second, sympy.MatrixBase):
        return not differing_entries(first, second, definitions) if _same_shape(first, second) else False
    points = [Point(seed, definitions) for seed in range(POINTS)]
    return all(point.value(first) == point.value(second) for point in points)


def differing_entries(
    first: Any, second: Any, definitions: Mapping[sympy.Symbol, Any] = NO_DEFINITIONS
) -> tuple[tuple[int, int], ...]:
    """Return the places (row, column), from 0, where two matrices of the same shape differ, row by row."""
    rows, columns = first.shape
    places = ((row, column) for row in range(rows) for column in range(columns))
    return tuple(place for place in places if not are_equal(first[place], second[place], definitions))


def _same_shape(first: Any, second: Any) -> bool:
    return bool(getattr(first, "shape", None) == getattr(second, "shape", None))
