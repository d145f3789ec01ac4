"""The law of a formula in operators: it equals the right one whatever matrices stand for the names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import sympy

from theory.algebra.operators import Operators, ShapeError
from theory.errors import UndefinedError
from theory.law import Law, Misconception, Sheet, written
from theory.laws.product_slips import product_slips
from theory.slips import Slip, told_apart

SIDE = 7  # rows and columns where shapes are set aside to see what a formula means
TERMS = 64  # more are not multiplied out


def operator_law(
    statement: str, right: Any, space: Operators, mistakes: Iterable[tuple[str, str, Any]]
) -> Law:
    """Return the law that an answer equals `right` in `space`; `mistakes` are (id, hint, formula).

    Misconceptions are compared with square matrices for all names: many of them are impossible products.
    """
    square = square_of(space)
    known = [Slip(*one) for one in mistakes]
    return Law(
        statement=f"{statement[0].upper()}{statement[1:]}.",
        holds=lambda answer, _sheet: equal(space, answer, right),
        locate=lambda answer, _sheet: _where(space, square, answer, right),
        misconceptions=named(square, known, product_slips(right, list(space.shapes)), right),
    )


def square_of(space: Operators) -> Operators:
    """Return the same names as square matrices, of which every product is possible."""
    return Operators(dict.fromkeys(space.shapes, (SIDE, SIDE)), diagonal=space.diagonal)


def named(
    square: Operators, known: Iterable[Slip], derived: Iterable[Slip], right: Any
) -> tuple[Misconception, ...]:
    """Return the slips that can be told apart: what is known first, then what is derived.

    The formulas are general: slips that end in the same one are one slip in different words.
    """
    return tuple(
        Misconception(slip.id, slip.hint, _matches(square, value), written(slip.formula))
        for value, slip in told_apart(known, derived, right, square.matrix, is_general=True)
    )


def _matches(square: Operators, value: Hashable) -> Callable[[Any, Sheet], bool]:
    return lambda answer, _sheet: square.matrix(answer) == value


def equal(space: Operators, answer: Any, right: Any) -> bool:
    """Tell whether two formulas are equal; an impossible product equals nothing."""
    try:
        return space.matrix(answer) == space.matrix(right)
    except ShapeError:
        return False


def _where(space: Operators, square: Operators, answer: Any, right: Any) -> str:
    try:
        space.matrix(answer)
    except ShapeError as error:
        return str(error)
    return first_term(square, answer, right)


def first_term(square: Operators, answer: Any, right: Any) -> str:
    """Name the first term of the answer that does not belong there, or say how many are missing."""
    if terms_of(answer) > TERMS:
        return "This is not the right sum of products; multiply it out and simplify it to see where."
    given, wanted = (sympy.Add.make_args(sympy.expand(formula)) for formula in (answer, right))
    values = [square.matrix(term) for term in wanted]
    for term in given:
        try:
            if square.matrix(term) not in values:
                return f"The term {term} does not belong here."
        except UndefinedError as error:
            return str(error)
    return f"The terms given belong here, but {len(wanted) - len(given)} of {len(wanted)} are missing."


def terms_of(formula: Any) -> int:
    """Return an upper bound for the number of terms when multiplied out, cut off above TERMS."""
    if formula.is_Add:
        return min(TERMS + 1, sum(terms_of(term) for term in formula.args))
    if formula.is_Mul or formula.is_Pow:
        factors = formula.args if formula.is_Mul else (formula.base,) * abs(int(formula.exp))
        count = 1
        for factor in factors:
            count = min(TERMS + 1, count * terms_of(factor))
        return count
    return 1
