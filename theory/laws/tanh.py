"""The range of tanh and of the logistic function, and tanh' written with the logistic function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from theory.algebra.identity import are_equal
from theory.forms import Interval
from theory.law import Law, Laws, Misconception, distinct, mistaken, of_formulas, shown
from theory.questions.tanh import VOCABULARY, Parameters
from theory.slips import Slip, Slips, at_numbers

x = VOCABULARY["x", ()]
sigma = sympy.Function("sigma")


def laws(parameters: Parameters) -> Laws:
    """Return the laws of the three blanks."""
    ends, other = _range(sympy.tanh(x)), _range(1 / (1 + sympy.exp(-x)))
    return {
        "range": _interval("tanh comes arbitrarily close to both ends, but reaches neither", ends, other),
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
        mistaken("other-function-with-ends", "This is the other function's range; and ends are not reached.",
                 Interval(other.left, other.right, False, False)),
        mistaken("unbounded", "It levels off on both sides.", Interval(-sympy.oo, sympy.oo)),
        mistaken("left-end-included", "The left end is not reached.", Interval(left, end, False, True)),
        mistaken("right-end-included", "The right end is not reached.", Interval(left, end, True, False)),
        *(
            mistaken(f"other-function-{side}-end-included",
                     "This is the other function's range; and ends are not reached.",
                     Interval(other.left, other.right, side == "right", side == "left"))
            for side in ("left", "right")
        ),
    ]  # fmt: skip
    return Law(
        statement=f"{statement}.",
        holds=lambda answer, _sheet: bool(answer == right),
        locate=lambda answer, _sheet: _end(answer, right),
        misconceptions=distinct(known, right, _wrong_ends(left, end)),
    )


def _wrong_ends(left: Any, right: Any) -> Iterator[Slip]:
    """Yield the intervals with one end, or both, where another curve would have it."""
    infinity, levels = sympy.oo, "It levels off on both sides."
    for is_closed in (True, False):
        seen: set[tuple[Any, Any]] = set()
        open_left = not is_closed
        yield Slip("unbounded-above", levels, Interval(left, infinity, open_left, True))
        yield Slip("unbounded-below", levels, Interval(-infinity, right, True, open_left))
        for id, hint, ends in (
            (
                "twice-as-far",
                "Check the limits at infinity: the ends are too far apart.",
                (2 * left, 2 * right),
            ),
            (
                "half-as-far",
                "Check the limits at infinity: the ends are too close.",
                (left / 2, right / 2),
            ),
            ("positive-values-only", "For negative x the values are negative.", (0 * left, right)),
            ("negative-values-only", "For positive x the values are positive.", (left, 0 * right)),
            ("symmetric-about-zero", "The function is never negative.", (-right, right)),
            ("half-on-both-sides", "Check the limits at infinity.", (-right / 2, right / 2)),
            ("slope-for-range", "These are the values of the derivative.", (0 * left, right / 4)),
            (
                "values-from-the-middle",
                "The function takes values below the one at x = 0.",
                ((left + right) / 2, right),
            ),
            ("twice-the-upper-end", "Check the limit to the right.", (0 * left, 2 * right)),
        ):
            if ends[0] < ends[1] and all(one.is_Rational for one in ends) and ends not in seen:
                seen.add(ends)
                yield Slip(id, hint, Interval(*ends, open_left, open_left))


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
        statement="This is the derivative at every x, and it uses only the logistic function.",
        holds=lambda answer, _sheet: _in_sigma(answer) and is_derivative(answer),
        locate=lambda answer, _sheet: _where(answer, is_derivative(answer)),
        misconceptions=(
            Misconception(
                "not-in-sigma",
                "This is the derivative, but not written with sigma.",
                lambda answer, _sheet: not _in_sigma(answer) and is_derivative(answer),
                f"1 - tanh({scale}x)^2" if scale == 1 else f"{scale} - {scale} tanh({scale}x)^2",
            ),
            *of_formulas(_known(scale), _slips(scale), derivative, is_general=True),
        ),
    )


def _known(k: int) -> list[Slip]:
    inner = 2 * k * x
    full = k * 4 * sigma(inner) * sigma(-inner)
    return [
        Slip("inner-derivative-forgotten", "The chain rule gives a factor for the inner 2x.", full / 2),
        Slip("argument-not-doubled", "tanh(x) = 2 sigma(2x) - 1: the argument is twice as large.",
             k * 4 * sigma(k * x) * sigma(-k * x)),
        Slip("logistic-derivative", "This is the derivative of the logistic function itself.",
             k * sigma(k * x) * (1 - sigma(k * x))),
        Slip("one-factor-lost", "Expand the fraction carefully: one factor of the product is missing.",
             k * 4 * sigma(inner)),
        Slip("other-factor-lost", "Expand the fraction carefully: the first factor is missing.",
             k * 4 * sigma(-inner)),
        Slip("sign-turned", "tanh is increasing: its derivative is positive.", -full),
        Slip("value-for-derivative", "This is tanh itself.", 2 * sigma(inner) - 1),
    ]  # fmt: skip


def _slips(k: int) -> Iterator[Slip]:
    scale, four, two = sympy.symbols("scale factor_4 factor_2")
    inner = 2 * k * x
    yield from _mixed_arguments(k)
    formula = four * scale * sigma(two * scale * x) * sigma(-two * scale * x)
    words = {scale: "the factor in front of x", four: "the factor 4", two: "the factor 2 in the argument"}
    yield from at_numbers(Slips(words).of(formula if k > 1 else formula.xreplace({scale: sympy.Integer(1)})),
                          {scale: k, four: 4, two: 2})  # fmt: skip
    value, tanh = sigma(inner), 2 * sigma(inner) - 1
    for id, hint, wrong in (
        ("second-factor-of-the-same-sign", "1 - sigma(2x) is sigma(-2x), not sigma(2x).", 4 * k * value**2),
        ("second-factor-of-the-same-sign", "sigma(2x) is one of the factors.", 4 * k * (1 - value) ** 2),
        ("factor-4-lost", "A factor is missing: the factor 4.", value * (1 - value)),
        ("factor-4-lost", "A factor is missing: the factor 4.", k * value * (1 - value)),
        ("factor-doubled", "Count the factors 2.", 8 * k * value * (1 - value)),
        ("plus-for-minus", "The second factor is 1 - sigma(2x).", 4 * k * value * (1 + value)),
        ("square-lost", "The derivative of tanh is 1 - tanh²: square it.", k * (1 - tanh)),
        ("one-lost", "The derivative of tanh is 1 - tanh².", k * tanh**2),
        ("one-lost", "The derivative of tanh is 1 - tanh².", -k * tanh**2),
        ("sign-of-the-square", "The derivative of tanh is 1 - tanh².", k * (1 + tanh**2)),
        ("sigma-for-tanh", "tanh is 2 sigma(2x) - 1, not sigma.", k * (1 - value**2)),
        ("sigma-for-tanh", "tanh is 2 sigma(2x) - 1, not sigma.", k * (1 - sigma(k * x) ** 2)),
        ("sigma-of-x-for-tanh", "tanh is 2 sigma(2x) - 1: the argument is twice as large.",
         k * (1 - (2 * sigma(k * x) - 1) ** 2)),
        ("argument-not-doubled-and-factor", "tanh(x) = 2 sigma(2x) - 1: the argument is twice as large.",
         2 * k * sigma(k * x) * sigma(-k * x)),
        ("only-the-inner-factors", "The derivative of sigma is sigma (1 - sigma).", 2 * k * value),
        ("square-of-the-product", "Each factor appears once.", 4 * k * value**2 * (1 - value)),
        ("square-of-the-product", "Each factor appears once.", 4 * k * value * (1 - value) ** 2),
        ("factors-added", "The factors multiply.", sympy.Integer(4 * k)),
        ("argument-halved", "tanh(x) = 2 sigma(2x) - 1.", 4 * k * sigma(k * x / 2) * sigma(-k * x / 2)),
        ("argument-doubled-twice", "tanh(x) = 2 sigma(2x) - 1.",
         4 * k * sigma(2 * inner) * sigma(-2 * inner)),
        ("value-for-derivative", "This is tanh itself.", 1 - 2 * value),
        ("scale-squared", "The factor in front of x appears once.", 4 * k**2 * value * (1 - value)),
        ("scale-lost", "The chain rule gives a factor for the inner derivative.", 4 * value * (1 - value)),
    ):  # fmt: skip
        yield Slip(id, hint, wrong)


def _mixed_arguments(k: int) -> Iterator[Slip]:
    outer, inner = k * x, 2 * k * x
    for one, other in ((inner, outer), (outer, inner)):
        wrong = 4 * k * sigma(one) * sigma(-other)
        yield Slip("arguments-mixed", "Both factors have the same argument.", wrong)


def _in_sigma(answer: Any) -> bool:
    names = {type(part).__name__ for part in sympy.preorder_traversal(answer)}
    return not names & {"exp", "Exp1", "tanh", "sinh", "cosh"}


def _where(answer: Any, is_derivative: bool) -> str:
    if is_derivative:
        return "The value is right; replace everything that is neither a number nor sigma."
    value = shown(answer.subs(x, 0).subs(sigma(0), sympy.Rational(1, 2)))
    return f"At x = 0 this is {value}: compare it with the slope of the curve there."
