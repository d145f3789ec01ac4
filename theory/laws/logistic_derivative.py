"""Put y = 1 / (1 + exp(-k x)) into the answer: dy/dx must come out, and no x may stand in the answer."""

from __future__ import annotations

from typing import Any

import sympy

from theory.algebra.identity import are_equal
from theory.law import Law, Laws, Misconception, mistaken, shown
from theory.questions.logistic_derivative import VOCABULARY, Parameters

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
            statement="With y put in, this is dy/dx at every x.",
            holds=lambda answer, _sheet: answer.free_symbols <= {y} and is_derivative(answer),
            locate=lambda answer, _sheet: _where(answer, is_derivative(answer)),
            misconceptions=(
                Misconception(
                    "in-x-not-in-y",
                    "This is the derivative, but by x: write e^(-kx) by y.",
                    lambda answer, _sheet: not answer.free_symbols <= {y} and is_derivative(answer),
                    str(derivative),
                ),
                mistaken("sign-turned", "The function rises: its slope is positive.", k * (y**2 - y)),
                mistaken("derivative-of-tanh", "This is the derivative of tanh.", k * (1 - y**2)),
                mistaken("factor-y-lost", "The derivative is small where y is small, too.", k * (1 - y)),
                mistaken("value-for-derivative", "This is y itself, or a multiple of it.", k * y),
                mistaken("inner-slope", "Mind the factor in front of x.", _other_slope(k) * y * (1 - y)),
                mistaken("square-lost", "Where does y = 1 / (1 + e^-x) stand squared?", y - y / 2),
            ),
        )
    }  # fmt: skip


def _other_slope(k: int) -> Any:
    """Return a wrong factor for exp(-k x): its inverse, and for k = 1 the 2 of tanh."""
    return sympy.Rational(1, k) if k > 1 else 2


def _where(answer: Any, is_derivative: bool) -> str:
    if is_derivative:
        return "The value is right, but the answer must be written in y alone."
    value = shown(answer.subs({y: sympy.Rational(1, 2), x: 0}))
    return f"At x = 0, where y = 1/2, this is {value}: compare it with the slope of the curve there."
