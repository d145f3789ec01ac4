"""Exact values of formulas with exponentials, in a tower of finite fields.

Two formulas are equal as functions if they agree at random points (Schwartz 1980, Zippel 1979). Real points
would need real exponentials, which are never exact. Here the points lie in finite fields GF(p_0), …,
GF(p_3) with

    p_k divides p_(k+1) - 1,   so that some g_(k+1) has the order p_k modulo p_(k+1).

An exponential whose argument has the value v in GF(p_k) has the value g_(k+1)^v in GF(p_(k+1)). Then
exp(a + b) = exp(a) exp(b), exp(a/2)^2 = exp(a) and exp(0) = 1 hold exactly, at any nesting, and so does every
identity that follows from them: no right answer is refused. Two different formulas agree at a random point
with a probability below degree / 2^89.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sympy

from theory.errors import UndefinedError

PRIMES = (2**89 - 1, 136 * (2**89 - 1) + 1, 90 * (136 * (2**89 - 1) + 1) + 1,
          142 * (90 * (136 * (2**89 - 1) + 1) + 1) + 1)  # fmt: skip
TOP = len(PRIMES) - 1


def generator(level: int) -> int:
    """Return an element of GF(p_level) whose order is p_(level-1).

    >>> pow(generator(1), PRIMES[0], PRIMES[1])
    1
    """
    cofactor = (PRIMES[level] - 1) // PRIMES[level - 1]
    return next(power for base in range(2, 100) if (power := pow(base, cofactor, PRIMES[level])) != 1)


@dataclass(frozen=True)
class Point:
    """One random point: a value for every symbol at every level, fixed by `seed`.

    `definitions` gives some symbols a formula instead, such as s1 = w1*x1 + w2*x2.
    """

    seed: int
    definitions: Mapping[sympy.Symbol, Any] = field(default_factory=lambda: MappingProxyType({}))
    _known: dict[tuple[Any, int], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def value(self, formula: Any, level: int = TOP) -> int:
        """Return the value of `formula` in GF(p_level); raise UndefinedError if it divides by zero."""
        if (formula, level) not in self._known:  # one symbol may stand in an answer a thousand times
            self._known[formula, level] = self._value(formula, level)
        return self._known[formula, level]

    def _value(self, formula: Any, level: int) -> int:
        if formula.is_Rational:
            return self._divided(int(formula.p), int(formula.q), level)
        if formula.is_Symbol:
            return self._symbol(formula, level)
        if formula.is_Add:
            return sum(self.value(term, level) for term in formula.args) % PRIMES[level]
        if formula.is_Mul:
            return self._product(formula.args, level)
        return self._power_or_function(formula, level)

    def _product(self, factors: tuple[Any, ...], level: int) -> int:
        product = 1
        for factor in factors:
            product = product * self.value(factor, level) % PRIMES[level]
        return product

    def _power_or_function(self, formula: Any, level: int) -> int:
        if formula == sympy.E:
            return self._exponential(sympy.Integer(1), level)
        name = type(formula).__name__
        if name == "exp":
            return self._exponential(formula.args[0], level)
        if formula.is_Pow and formula.exp.is_Integer:
            return self._whole_power(self.value(formula.base, level), int(formula.exp), level)
        if name == "sigma":  # 1 / (1 + exp(-x))
            below = 1 + self._exponential(-formula.args[0], level)
            return self._divided(1, below, level)
        if name in ("tanh", "sinh", "cosh"):
            return self._hyperbolic(name, self._exponential(formula.args[0], level), level)
        raise UndefinedError(f"{formula} cannot be evaluated here.")

    def _hyperbolic(self, name: str, power: int, level: int) -> int:
        inverse = self._divided(1, power, level)
        if name == "tanh":
            return self._divided(power - inverse, power + inverse, level)
        return self._divided(power - inverse if name == "sinh" else power + inverse, 2, level)

    def _exponential(self, argument: Any, level: int) -> int:
        if level == 0:
            raise UndefinedError(f"functions are nested deeper than {TOP}.")
        return pow(generator(level), self.value(argument, level - 1), PRIMES[level])

    def _symbol(self, symbol: sympy.Symbol, level: int) -> int:
        if symbol in self.definitions:
            return self.value(self.definitions[symbol], level)
        return drawn(f"{self.seed} {symbol.name} {level}", PRIMES[level])

    def _whole_power(self, base: int, exponent: int, level: int) -> int:
        if exponent < 0:
            base, exponent = self._divided(1, base, level), -exponent
        return pow(base, exponent, PRIMES[level])

    def _divided(self, above: int, below: int, level: int) -> int:
        if below % PRIMES[level] == 0:
            raise UndefinedError("this divides by zero.")
        return above * pow(below, -1, PRIMES[level]) % PRIMES[level]


def drawn(text: str, prime: int) -> int:
    """Return the number in [0, prime) that the hash of `text` draws; the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % prime
