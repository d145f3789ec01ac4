"""Misconceptions out of a law: each single slip in a formula, as known bugs are single slips in code.

A formula is a tree. One slip loses a factor or a term, turns a sign, forgets a square or a function,
rounds the other way, or takes a quantity for one beside it; it happens at one place, or everywhere. Each
slip is worked out for the numbers of the question, so its answer is known before anybody gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from theory.errors import UndefinedError


@dataclass(frozen=True)
class Slip:
    """One way to go wrong once: its name, what to look at again, and the formula that it leads to."""

    id: str
    hint: str
    formula: Any
    family: str = ""  # slips of one family give the same advice
    is_plain: bool = False  # it says what is to be seen, whatever the cause


FAMILIES: Mapping[str, str] = {
    "units": "The mistake is in which units are on, or in a ReLU: compute what enters each unit again.",
    "biases": "The mistake is in the biases: each is added once, in its own layer.",
    "places": "Count the positions of the window again: the side of the output is wrong.",
    "weights": "A matrix is read the wrong way: row i of W^(k) belongs to unit i of layer k.",
}


def one_of(slips: Sequence[Slip]) -> Slip | None:
    """Return the slip that explains an answer, or the advice that all which would have in common.

    Where different causes fit, what can be seen anyway is said; None if there is nothing to be seen.

    >>> one_of([Slip("a", "A.", 1), Slip("b", "B.", 1)])
    """
    causes = [slip for slip in slips if not slip.is_plain]
    if len({slip.id for slip in causes}) == 1:
        return causes[0]
    families = {slip.family for slip in causes}
    if len(families) == 1 and causes[0].family:
        return Slip(causes[0].family, FAMILIES[causes[0].family], causes[0].formula)
    return next((slip for slip in slips if slip.is_plain), None)


def told_apart(
    known: Iterable[Slip],
    derived: Iterable[Slip],
    right: Any,
    key: Callable[[Any], Hashable],
    *,
    is_general: bool = False,
) -> list[tuple[Hashable, Slip]]:
    """Return each wrong value that one slip explains, with that slip; `key` is the same for equal formulas.

    What is `known` goes before what is `derived`. Formulas without a value are left out. A formula that is
    general holds no number of the question: slips that end in the same one are one slip in different words,
    and the first is named.
    """
    found: list[tuple[Hashable, Slip]] = []
    taken = {key(right)}
    for slips in (known, derived):
        groups: dict[Hashable, list[Slip]] = {}
        for slip in slips:
            with suppress(UndefinedError):
                groups.setdefault(key(slip.formula), []).append(slip)
        explained = (
            (value, _first_cause(group) if is_general else one_of(group))
            for value, group in groups.items()
            if value not in taken
        )
        found += [(value, slip) for value, slip in explained if slip is not None]
        taken |= set(groups)
    return found


def _first_cause(slips: Sequence[Slip]) -> Slip:
    return next((slip for slip in slips if not slip.is_plain), slips[0])


@dataclass(frozen=True)
class Slips:
    """What the symbols of a formula are called, and which others each may be taken for."""

    words: Mapping[sympy.Symbol, str] = field(default_factory=dict)
    siblings: Mapping[sympy.Symbol, Sequence[sympy.Symbol]] = field(default_factory=dict)
    families: Mapping[sympy.Symbol, str] = field(default_factory=dict)

    def of(self, formula: Any) -> Iterator[Slip]:
        """Yield every single slip in `formula`, at one place and everywhere."""
        yield from self._at_one_place(formula)
        for symbol in sorted(formula.free_symbols, key=str):
            yield from self._everywhere(formula, symbol)
        for function in {part.func for part in formula.atoms(AppliedUndef)}:
            bare = formula.replace(function, lambda argument: argument)
            yield Slip(f"{function.__name__}-forgotten", "A function is left out.", bare)

    def _everywhere(self, formula: Any, symbol: sympy.Symbol) -> Iterator[Slip]:
        for other in self.siblings.get(symbol, ()):
            yield self._taken(symbol, other, formula.xreplace({symbol: other}))
        name = self._words(symbol)
        if not formula.has(sympy.floor):
            gone = formula.xreplace({symbol: sympy.Integer(0)})
            if gone != 0 and not gone.has(sympy.zoo, sympy.nan):
                yield Slip(f"{_id(symbol)}-left-out", f"Left out: {name}.", gone)
        lost = formula.xreplace({symbol: sympy.Integer(1)})
        if not _is_factor(symbol, formula):
            return
        if formula.has(1 / symbol):
            yield Slip(f"not-divided-by-{_id(symbol)}", f"Divide by {name}.", lost)
        else:
            yield Slip(f"{_id(symbol)}-lost", f"A factor is missing: {name}.", lost)

    def _taken(self, symbol: sympy.Symbol, other: sympy.Symbol, formula: Any) -> Slip:
        hint = f"This uses {self._words(other)} instead of {self._words(symbol)}."
        return Slip(f"{_id(other)}-for-{_id(symbol)}", hint, formula, self.families.get(symbol, ""))

    def _at_one_place(self, node: Any) -> Iterator[Slip]:
        if node.is_Symbol:
            for other in self.siblings.get(node, ()):
                yield self._taken(node, other, other)
        elif node.is_Add:
            yield from self._in_sum(node)
        elif node.is_Mul:
            yield from self._in_product(node)
        elif node.is_Pow:
            yield from self._in_power(node)
        elif node.args:
            yield from self._in_function(node)

    def _inside(self, node: Any) -> Iterator[Slip]:
        for place, part in enumerate(node.args):
            for slip in self._at_one_place(part):
                args = (*node.args[:place], slip.formula, *node.args[place + 1 :])
                yield replace(slip, formula=node.func(*args))

    def _in_sum(self, node: Any) -> Iterator[Slip]:
        for term in node.args:
            name = self._spoken(term)
            yield Slip(f"{_id(term)}-left-out", f"Left out: {name}.", node - term)
            yield Slip(f"sign-of-{_id(term)}", f"Check the sign of {name}.", node - 2 * term)
        yield from self._inside(node)

    def _in_product(self, node: Any) -> Iterator[Slip]:
        for factor in node.args:
            if factor == -1 or -factor == node:
                continue
            if factor.is_Pow and factor.exp == -1:
                yield Slip(
                    f"not-divided-by-{_id(factor.base)}",
                    f"Divide by {self._spoken(factor.base)}.",
                    node / factor,
                )
                continue
            yield Slip(f"{_id(factor)}-lost", f"A factor is missing: {self._spoken(factor)}.", node / factor)
        yield from self._inside(node)

    def _in_power(self, node: Any) -> Iterator[Slip]:
        if node.exp == 2:
            name = self._spoken(node.base)
            yield Slip(
                f"{_id(node.base)}-not-squared", f"Square {name}: it counts along both axes.", node.base
            )
            yield Slip(f"{_id(node.base)}-doubled", f"Square {name}, do not double it.", 2 * node.base)
        for slip in self._at_one_place(node.base):
            yield replace(slip, formula=slip.formula**node.exp)

    def _in_function(self, node: Any) -> Iterator[Slip]:
        if isinstance(node, sympy.floor):
            yield Slip(
                "rounded-up",
                "A window that does not fit is not counted: round down.",
                sympy.ceiling(node.args[0]),
            )
        else:
            yield Slip(f"{node.func.__name__}-forgotten", "A function is left out.", node.args[0])
        yield from self._inside(node)

    def _words(self, symbol: sympy.Symbol) -> str:
        return self.words.get(symbol, str(symbol))

    def _spoken(self, part: Any) -> str:
        if part.is_Symbol:
            return self._words(part)
        if part.is_Mul or part.is_Pow:
            names = [self._words(symbol) for symbol in sorted(part.free_symbols, key=str)]
            return " times ".join(names) if names and len(names) < 3 else "one of the terms"
        return (
            "a factor of the product" if part.is_Add else str(part) if part.is_number else "one of the terms"
        )


def _is_factor(symbol: sympy.Symbol, formula: Any) -> bool:
    """Tell whether a symbol multiplies or divides something: a bare term can be left out, and not lost."""
    products = (part.args for part in sympy.preorder_traversal(formula) if part.is_Mul)
    bases = ([factor.as_base_exp()[0] for factor in factors if not factor.is_number] for factors in products)
    return any(symbol in factors and len(factors) > 1 for factors in bases)


def _id(part: Any) -> str:
    names = sorted(str(symbol).replace("_", "-") for symbol in part.free_symbols)
    return "-".join(names[:3]) if names else str(part)


def at_numbers(slips: Iterator[Slip], values: Mapping[sympy.Symbol, Any]) -> Iterator[Slip]:
    """Yield the slips with the numbers of the question put in."""
    numbers = {symbol: sympy.sympify(value) for symbol, value in values.items()}
    for slip in slips:
        value = slip.formula.xreplace(numbers)
        if not value.has(sympy.zoo, sympy.nan):
            yield replace(slip, formula=value)


def nearly(right: Any) -> Iterator[Slip]:
    """Yield the counts that miss the right one by one, or by a factor of two."""
    for id, hint, value in (
        ("one-too-many", "This is one too many.", right + 1),
        ("one-too-few", "This is one too few.", right - 1),
        ("twice-as-many", "This is twice as many: what is counted twice?", 2 * right),
        ("half-as-many", "This is half as many: what is missing?", right / 2),
        ("wrong-sign", "Check the sign.", -right),
        *(
            ("decimal-point", "The digits are right, but there are too many or too few.", right * 10**power)
            for power in (1, 2, 3)
        ),
    ):
        yield Slip(id, hint, value, is_plain=True)
