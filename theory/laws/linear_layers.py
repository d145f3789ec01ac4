"""W x + b equals the layers, one after the other, for all matrices and every x."""

from __future__ import annotations

import sympy

from theory.algebra.operators import Operators
from theory.law import Laws
from theory.laws.operator_law import operator_law
from theory.questions.linear_layers import Parameters, vocabulary

ORDER = "W_1 acts on x first, so it comes last in every product."
NOT_CARRIED = "Each b_k passes all later layers, so their weights come before it."


def laws(parameters: Parameters) -> Laws:
    """Return the laws of W and b."""
    names, count = vocabulary(parameters), parameters.layers
    weights = [names["W", (k,)] for k in range(1, count + 1)]
    biases = [names["b", (k,)] for k in range(1, count + 1)]
    sides = range(2, count + 3)  # all differ, so that a wrong order is noticed
    shapes = {weight: (sides[k + 1], sides[k]) for k, weight in enumerate(weights)}
    space = Operators({**shapes, **{bias: (sides[k + 1], 1) for k, bias in enumerate(biases)}})
    later = [list(reversed(weights[k + 1 :])) for k in range(count)]
    right = sympy.Add(*[sympy.Mul(*factors, bias) for factors, bias in zip(later, biases, strict=True)])
    whole = sympy.Mul(*reversed(weights))
    return {
        "W": operator_law(
            "W is the product by which x is multiplied on its way through all layers",
            whole,
            space,
            [
                ("factors-in-the-wrong-order", ORDER, sympy.Mul(*weights)),
                ("weights-added", "Layers follow each other: their weights multiply.", sympy.Add(*weights)),
                ("last-weight-only", "x passes every layer, not only the last.", weights[-1]),
                ("bias-in-the-weight", "Biases belong to b.", whole + biases[-1]),
            ],
        ),
        "b": operator_law(
            "b is the output for x = 0",
            right,
            space,
            [
                ("biases-added", NOT_CARRIED, sympy.Add(*biases)),
                ("last-bias-only", "The biases of earlier layers reach the output, too.", biases[-1]),
                ("last-bias-forgotten", "The last layer adds its own bias.", right - biases[-1]),
                ("biases-through-all-layers", "b_k passes only the layers after its own.",
                 sympy.Add(*[whole * bias for bias in biases])),
                ("biases-through-their-own-layer", "b_k passes only the layers after its own.",
                 sympy.Add(*[sympy.Mul(*factors, weight, bias) for factors, weight, bias
                             in zip(later, weights, biases, strict=True)])),
                ("bias-factors-in-the-wrong-order", ORDER,
                 sympy.Add(*[sympy.Mul(*reversed(factors), bias)
                             for factors, bias in zip(later, biases, strict=True)])),
                ("bias-before-the-weight", "A weight acts from the left: W b, not b W.",
                 sympy.Add(*[sympy.Mul(bias, *factors)
                             for factors, bias in zip(later, biases, strict=True)])),
            ],
        ),
    }  # fmt: skip
