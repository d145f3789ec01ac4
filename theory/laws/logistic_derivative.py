"""Put y = 1 / (1 + exp(-k x)) into the answer: dy/dx must come out, and no x may stand in the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from theory.algebra.identity import are_equal
from theory.law import Law, Laws, Misconception, of_formulas, shown
from theory.questions.logistic_derivative import VOCABULARY, Parameters
from theory.slips import Slip, Slips, at_numbers

x, y = VOCABULARY["x", ()], VOCABULARY["y", ()]


def laws(parameters: Parameters) -> Laws:
    """Return the law of the derivative."""
    k = parameters.slope
    logistic = 1 / (1 + sympy.exp(-k * x))
    derivative, definitions = sympy.diff(logistic, x), {y: logistic}

    def is_derivative(answer: Any) -> bool:
        return are_equal(answer, derivative, definitions)

    return {
        "derivative": Law(
            statement="With y inserted, this is dy/dx at every x.",
            holds=lambda answer, _sheet: answer.free_symbols <= {y} and is_derivative(answer),
            locate=lambda answer, _sheet: _where(answer, is_derivative(answer)),
            misconceptions=(
                Misconception(
                    "in-x-not-in-y",
                    "This is the derivative in terms of x: express e^(-kx) by y.",
                    lambda answer, _sheet: not answer.free_symbols <= {y} and is_derivative(answer),
                    str(derivative),
                ),
                *of_formulas(
                    _known(k), _slips(k), derivative, definitions=definitions, is_general=True
                ),
            ),
        )
    }  # fmt: skip


def _known(k: int) -> list[Slip]:
    return [
        Slip("sign-turned", "The function is increasing: its slope is positive.", k * (y**2 - y)),
        Slip("derivative-of-tanh", "This is the derivative of tanh.", k * (1 - y**2)),
        Slip("factor-y-lost", "The derivative is small where y is small, too.", k * (1 - y)),
        Slip("value-for-derivative", "This is y itself, or a multiple of it.", k * y),
        Slip("inner-slope", "Mind the factor in front of x.", _other_slope(k) * y * (1 - y)),
        Slip("square-lost", "Where does the square of y = 1 / (1 + e^-x) appear?", y - y / 2),
    ]


def _slips(k: int) -> Iterator[Slip]:
    full, scale, sigma = y * (1 - y), sympy.Symbol("scale"), sympy.Function("sigma")
    yield Slip("sigma-of-y", "y is sigma(x) already.", k * sigma(y) * (1 - sigma(y)))
    yield Slip("numerator-lost", "The quotient rule leaves e^(-kx) in the numerator.", -k * y**2)
    words = Slips(words={y: "y", scale: "the factor in front of x"}, siblings={y: (x,)})
    yield from at_numbers(words.of(scale * full if k > 1 else full), {scale: k})
    yield Slip("a-factor-squared", "Each factor appears once in the product.", k * y**2 * (1 - y))
    yield Slip("a-factor-squared", "Each factor appears once in the product.", k * y * (1 - y) ** 2)
    yield Slip("square-in-the-second-factor", "The second factor is 1 - y.", k * y * (1 - y**2))
    yield Slip("product-rule-for-the-answer", "This is differentiated one time too many.", k * (1 - 2 * y))
    yield Slip("factors-added", "The factors multiply.", sympy.Integer(k))
    yield Slip("square-of-the-value", "Express the numerator e^(-kx) by y, too.", k * y**2)
    yield Slip("square-of-the-complement", "One of the factors is y itself.", k * (1 - y) ** 2)
    yield Slip("factor-two", "Where does the factor 2 come from?", 2 * k * full)
    yield Slip("factor-a-half", "Where does the factor 1/2 come from?", k * full / 2)
    yield Slip("quotient", "The factors multiply.", k * y / (1 - y))
    yield Slip("reciprocal", "This is the derivative of x with respect to y.", 1 / (k * full))
    yield Slip("difference-turned", "The slope is positive for y between 0 and 1.", k * (y - 1))
    yield Slip("scale-squared", "The factor in front of x appears once.", k**2 * full)


def _other_slope(k: int) -> Any:
    """Return a wrong factor for exp(-k x): its inverse, and for k = 1 the 2 of tanh."""
    return sympy.Rational(1, k) if k > 1 else 2


def _where(answer: Any, is_derivative: bool) -> str:
    if is_derivative:
        return "The value is right, but the answer must be written in y alone."
    value = shown(answer.subs({y: sympy.Rational(1, 2), x: 0}))
    return f"At x = 0, where y = 1/2, this is {value}: compare it with the slope of the curve there."
