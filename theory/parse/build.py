"""From the grammar's rules to sympy, step by step and within bounds; no text is ever evaluated."""

from __future__ import annotations

from typing import Any

import sympy
from lark import Token, Transformer

from theory.parse import arithmetic
from theory.parse.values import Built, Grid, settle


class Build(Transformer[Token, Built]):
    """One method a rule of the grammar; without state, called as each rule is completed."""

    def number(self, parts: list[Token]) -> Built:
        """Read decimals exactly: 1.5 is 3/2."""
        return Built(sympy.Rational(str(parts[0]).rstrip(".")))

    def symbol(self, parts: list[Any]) -> Built:
        """Take the symbol that the scanner found."""
        return Built(parts[0].symbol)

    def euler(self, _parts: list[Token]) -> Built:
        """Return e = exp(1)."""
        return Built(sympy.E, functions=1)

    def infinity(self, _parts: list[Token]) -> Built:
        """Return ∞, which stands alone: as an end of an interval."""
        return Built(sympy.oo)

    def start(self, parts: list[Grid]) -> Built:
        """Return the whole answer."""
        return settle(parts[0])

    def table(self, rows: list[tuple[Built | Grid, ...]]) -> Grid:
        """Collect rows."""
        return Grid(tuple(rows))

    def row(self, entries: list[Built | Grid]) -> tuple[Built | Grid, ...]:
        """Collect the entries of a row."""
        return tuple(entries)

    def brackets(self, parts: list[Grid]) -> Grid:
        """Keep [ … ] open: a row of a matrix, or a matrix."""
        return parts[0]

    def matrix(self, parts: list[Grid]) -> Built:
        r"""Close \begin{bmatrix} … \end{bmatrix}."""
        return settle(parts[0])

    def tuple(self, parts: list[tuple[Built | Grid, ...]]) -> Built | Grid:
        """Close ( … ): a grouped value, or a row of values."""
        row = parts[0]
        return row[0] if len(row) == 1 else settle(Grid((row,)))

    def sum(self, parts: list[Any]) -> Built | Grid:
        """Add terms, all at once: adding one by one would take quadratic time."""
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        operands = [settle(part) for part in parts[::2]]
        signs = [1] + [-1 if sign.type == "MINUS" else 1 for sign in parts[1::2]]
        arithmetic.check_sum(operands, parts[1])
        terms = [
            -operand.value if sign < 0 else operand.value
            for operand, sign in zip(operands, signs, strict=True)
        ]
        if operands[0].is_matrix:
            return arithmetic.built(sum(terms[1:], terms[0]), operands)
        return arithmetic.built(sympy.Add(*terms), operands)

    def product(self, parts: list[Any]) -> Built | Grid:
        """Multiply from left to right; a / divides by the next factor only."""
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        operands: list[Built] = []
        factors: list[Any] = []
        sign: Token | None = None
        for part in parts:
            if isinstance(part, Token):
                sign = part
                continue
            operand = settle(part)
            operands.append(operand)
            if sign is not None and sign.type == "FLOORDIV":
                whole = arithmetic.product([*factors, arithmetic.reciprocal(operand, sign)], operands)
                factors, sign = [arithmetic.rounded("floor", arithmetic.built(whole, operands), sign)], None
                continue
            factors.append(
                arithmetic.reciprocal(operand, sign)
                if sign is not None and sign.type == "SLASH"
                else operand.value
            )
            sign = None
        return arithmetic.built(arithmetic.product(factors, operands), operands)

    def signed(self, parts: list[Any]) -> Built:
        """Apply a leading + or -."""
        operand = settle(parts[1])
        return arithmetic.built(-operand.value if parts[0].type == "MINUS" else operand.value, [operand])

    def floored(self, parts: list[Any]) -> Built:
        """Round down: ⌊x⌋."""
        operand = settle(parts[0])
        return arithmetic.built(arithmetic.rounded("floor", operand), [operand])

    def ceiled(self, parts: list[Any]) -> Built:
        """Round up: ⌈x⌉."""
        operand = settle(parts[0])
        return arithmetic.built(arithmetic.rounded("ceil", operand), [operand])

    def power(self, parts: list[Any]) -> Built:
        """Raise to a whole number, or e to anything."""
        base, sign, exponent = settle(parts[0]), parts[1], settle(parts[2])
        if base.value == sympy.E:
            return arithmetic.applied("exp", exponent, sign)
        return arithmetic.raised(base, exponent, sign)

    def postfix(self, parts: list[Any]) -> Built:
        """Transpose."""
        operand = settle(parts[0])
        value = operand.value.T if operand.is_matrix else sympy.transpose(operand.value)
        return arithmetic.built(value, [operand])

    def call(self, parts: list[Any]) -> Built:
        """Apply a function to its argument in brackets; tanh^2(x) is tanh(x)^2."""
        name, sign, exponent, argument = parts
        applied = arithmetic.applied(str(name), settle(argument), name)
        return applied if sign is None else arithmetic.raised(applied, self.number([exponent]), sign)

    def fraction(self, parts: list[Any]) -> Built:
        r"""Divide: \frac{a}{b}."""
        above, below = settle(parts[1]), settle(parts[2])
        return arithmetic.built(
            arithmetic.product([above.value, arithmetic.reciprocal(below, parts[0])], [above, below]),
            [above, below],
        )
