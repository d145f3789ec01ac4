"""Products of operators whose order matters: formulas in symbols that do not commute.

Each symbol is given a random matrix over GF(p) of its own shape. A question chooses shapes that differ, so
that a product in an impossible order is noticed; two different sums of products agree with a probability
below 1e-20.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sympy

from theory.algebra.tower import PRIMES, TOP, drawn
from theory.errors import UndefinedError

PRIME = PRIMES[TOP]  # longer than any number that an answer may hold
Shape = tuple[int, int]
Rows = tuple[tuple[int, ...], ...]


class ShapeError(UndefinedError):
    """Two operators meet whose shapes do not fit, named in the message."""


@dataclass(frozen=True)
class Operators:
    """A random matrix for every symbol in `shapes`; those in `diagonal` are diagonal.

    `definitions` gives some symbols a formula instead.
    """

    shapes: Mapping[sympy.Symbol, Shape]
    diagonal: frozenset[sympy.Symbol] = field(default=frozenset())
    definitions: Mapping[sympy.Symbol, Any] = field(default_factory=lambda: MappingProxyType({}))
    _known: dict[Any, Rows] = field(default_factory=dict, init=False, repr=False, compare=False)

    def matrix(self, formula: Any) -> Rows:
        """Return the value of `formula`; raise ShapeError if a product or sum is impossible."""
        if formula not in self._known:  # one symbol may stand in an answer a thousand times
            self._known[formula] = self._matrix(formula)
        return self._known[formula]

    def _matrix(self, formula: Any) -> Rows:
        if formula in self.definitions:
            return self.matrix(self.definitions[formula])
        if formula in self.shapes:
            return self._symbol(formula)
        if formula.is_Add:
            return self._sum(formula.args)
        if formula.is_Mul:
            return self._product(formula.args)
        if type(formula).__name__ == "transpose":
            return tuple(zip(*self.matrix(formula.args[0]), strict=True))
        if formula.is_Pow and formula.exp.is_Integer and 0 < formula.exp <= 64:
            return self._product((formula.base,) * int(formula.exp))
        raise UndefinedError(f"{formula} is not a product of the given matrices and vectors.")

    def _symbol(self, symbol: sympy.Symbol) -> Rows:
        rows, columns = self.shapes[symbol]
        return tuple(
            tuple(
                0
                if symbol in self.diagonal and row != column
                else drawn(f"{symbol.name} {row} {column}", PRIME)
                for column in range(columns)
            )
            for row in range(rows)
        )

    def _sum(self, terms: tuple[Any, ...]) -> Rows:
        total = self.matrix(terms[0])
        for before, term in itertools.pairwise(terms):
            value = self.matrix(term)
            if _shape(value) != _shape(total):
                raise ShapeError(
                    f"{before} is {_spelt(total)}, {term} is {_spelt(value)}: they cannot be added."
                )
            total = tuple(
                tuple((a + b) % PRIME for a, b in zip(left, right, strict=True))
                for left, right in zip(total, value, strict=True)
            )
        return total

    def _product(self, factors: tuple[Any, ...]) -> Rows:
        scale, product, before = 1, None, None
        for factor in factors:
            if factor.is_Rational:
                scale = scale * int(factor.p) * pow(int(factor.q), -1, PRIME) % PRIME
                continue
            value = self.matrix(factor)
            product = value if product is None else _multiplied(product, value, before, factor)
            before = factor
        if product is None:
            raise UndefinedError("expected a matrix or vector, got a plain number.")
        return tuple(tuple(scale * entry % PRIME for entry in row) for row in product)


def _multiplied(left: Rows, right: Rows, left_name: Any, right_name: Any) -> Rows:
    if len(left[0]) != len(right):
        raise ShapeError(
            f"{left_name} times {right_name}: {_spelt(left)} by {_spelt(right)} does not fit; the order "
            "of the factors matters."
        )
    columns = tuple(zip(*right, strict=True))
    return tuple(
        tuple(sum(a * b for a, b in zip(row, column, strict=True)) % PRIME for column in columns)
        for row in left
    )


def _shape(rows: Rows) -> Shape:
    return len(rows), len(rows[0])


def _spelt(rows: Rows) -> str:
    return f"{len(rows)}×{len(rows[0])}"
