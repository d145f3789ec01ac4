"""The range of tanh and of the logistic function, and tanh' written with the logistic function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy

from theory.algebra.identity import are_equal
from theory.forms import Interval
from theory.law import Law, Laws, Misconception, distinct, mistaken, shown
from theory.questions.tanh import VOCABULARY, Parameters

x = VOCABULARY["x", ()]
sigma = sympy.Function("sigma")


def laws(parameters: Parameters) -> Laws:
    """Return the laws of the three blanks."""
    ends, other = _range(sympy.tanh(x)), _range(1 / (1 + sympy.exp(-x)))
    return {
        "range": _interval("tanh comes as close as one likes to both ends, and reaches neither", ends, other),
        "logistic_range": _interval(
            "The function is positive, below 1, and reaches neither end", other, ends
        ),
        "derivative": _derivative(parameters.scale),
    }


def _range(function: Any) -> Interval:
    """Return the range of a function that rises everywhere: its limits, which it does not reach."""
    return Interval(sympy.limit(function, x, -sympy.oo), sympy.limit(function, x, sympy.oo))


def _interval(statement: str, right: Interval, other: Interval) -> Law:
    left, end = right.left, right.right
    known = [
        mistaken("ends-included", "It never reaches its ends.",
                 Interval(left, end, False, False)),
        mistaken("other-function", "This is the range of the other function.", other),
        mistaken("other-function-with-ends", "The other function's range; and ends are not reached.",
                 Interval(other.left, other.right, False, False)),
        mistaken("unbounded", "It levels off on both sides.", Interval(-sympy.oo, sympy.oo)),
        mistaken("left-end-included", "The left end is not reached.", Interval(left, end, False, True)),
        mistaken("right-end-included", "The right end is not reached.", Interval(left, end, True, False)),
    ]  # fmt: skip
    return Law(
        statement=f"{statement}.",
        holds=lambda answer, _sheet: bool(answer == right),
        locate=lambda answer, _sheet: _end(answer, right),
        misconceptions=distinct(known, right),
    )


def _end(answer: Interval, right: Interval) -> str:
    if answer.left != right.left:
        return "The lower end is wrong: what does the function tend to as x goes to -infinity?"
    if answer.right != right.right:
        return "The upper end is wrong: what does the function tend to as x goes to infinity?"
    return "Both ends are right; do they belong to the range?"


def _derivative(scale: int) -> Law:
    derivative = sympy.diff((1 - sympy.exp(-2 * scale * x)) / (1 + sympy.exp(-2 * scale * x)), x)

    def is_derivative(answer: Any) -> bool:
        return are_equal(answer, derivative)

    return Law(
        statement="This is the derivative at every x, and only the logistic function stands in it.",
        holds=lambda answer, _sheet: _in_sigma(answer) and is_derivative(answer),
        locate=lambda answer, _sheet: _where(answer, is_derivative(answer)),
        misconceptions=(
            Misconception(
                "not-in-sigma",
                "This is the derivative, but not written with sigma.",
                lambda answer, _sheet: not _in_sigma(answer) and is_derivative(answer),
                f"1 - tanh({scale}x)^2" if scale == 1 else f"{scale} - {scale} tanh({scale}x)^2",
            ),
            *_mistakes(scale),
        ),
    )


def _mistakes(k: int) -> Iterable[Misconception]:
    inner = 2 * k * x
    full = k * 4 * sigma(inner) * sigma(-inner)
    yield mistaken("inner-derivative-forgotten", "The chain rule gives a factor for the inner 2x.", full / 2)
    yield mistaken(
        "argument-not-doubled",
        "tanh(x) = 2 sigma(2x) - 1: the argument is twice as large.",
        k * 4 * sigma(k * x) * sigma(-k * x),
    )
    yield mistaken(
        "logistic-derivative",
        "This is the derivative of the logistic function itself.",
        k * sigma(k * x) * (1 - sigma(k * x)),
    )
    yield mistaken(
        "one-factor-lost",
        "Expand the fraction with care: one factor of the product is lost.",
        k * 4 * sigma(inner),
    )
    yield mistaken(
        "other-factor-lost", "Expand the fraction with care: the first factor is lost.", k * 4 * sigma(-inner)
    )
    yield mistaken("sign-turned", "tanh rises: its derivative is positive.", -full)
    yield mistaken("value-for-derivative", "This is tanh itself.", 2 * sigma(inner) - 1)  # fmt: skip


def _in_sigma(answer: Any) -> bool:
    names = {type(part).__name__ for part in sympy.preorder_traversal(answer)}
    return not names & {"exp", "Exp1", "tanh", "sinh", "cosh"}


def _where(answer: Any, is_derivative: bool) -> str:
    if is_derivative:
        return "The value is right; replace what is neither a number nor sigma."
    value = shown(answer.subs(x, 0).subs(sigma(0), sympy.Rational(1, 2)))
    return f"At x = 0 this is {value}: compare it with the slope of the curve there."
