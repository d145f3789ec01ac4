"""The shape of a ReLU network: its slope as a product, and the borders between its linear pieces."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import sympy

from theory.algebra.operators import Operators
from theory.law import Law, Misconception, distinct, mistaken
from theory.laws.border_slips import border_slips
from theory.laws.network_slips import rational
from theory.laws.operator_law import operator_law
from theory.laws.piecewise import Network
from theory.questions.relu_network import Parameters, vocabulary

WRONG_ORDER = "W_1 acts on x first, so it comes last in the product."
NO_MASKS = "Units that are off pass no gradient: where are the D_k?"
NEITHER = "W_1 acts first, so it comes last; and units that are off are masked."
MASK_SIDE = "D_k masks the output of W_k, so it is on the left of W_k."
CUT_SHORT = "The chain continues to x: the last factor is missing."


def slope_law(layers: int) -> Law:
    """Return the law of dh/dx = W_n D_n-1 W_n-1 … D_1 W_1 for all matrices."""
    names = vocabulary(layers)
    weights = [names["W", (k,)] for k in range(1, layers + 1)]
    masks = [names["D", (k,)] for k in range(1, layers)]
    pairs = list(zip(weights, masks, strict=False))
    forwards = [*itertools.chain(*pairs), weights[-1]]
    mask_right = [weights[-1], *itertools.chain(*reversed(pairs))]
    mask_left = [*itertools.chain(*zip(reversed(masks), reversed(weights[1:]), strict=True)), weights[0]]
    return operator_law(
        "the chain rule multiplies from the last layer to the first",
        sympy.Mul(*reversed(forwards)),
        _space(weights, masks),
        [
            ("factors-in-the-wrong-order", WRONG_ORDER, sympy.Mul(*forwards)),
            ("masks-forgotten", NO_MASKS, sympy.Mul(*reversed(weights))),
            ("wrong-order-and-no-masks", NEITHER, sympy.Mul(*weights)),
            ("masks-on-the-wrong-side", MASK_SIDE, sympy.Mul(*mask_right)),
            ("masks-on-the-wrong-side", MASK_SIDE, sympy.Mul(*mask_left)),
            ("first-layer-forgotten", CUT_SHORT, sympy.Mul(*list(reversed(forwards))[:-1])),
        ],
    )


def _space(weights: list[Any], masks: list[Any]) -> Operators:
    sides = (1, *range(3, 2 + len(weights)), 2)  # all differ, so that a wrong order is noticed
    shapes = {weight: (sides[k + 1], sides[k]) for k, weight in enumerate(weights)}
    shapes |= {mask: (sides[k + 1], sides[k + 1]) for k, mask in enumerate(masks)}
    return Operators(shapes, diagonal=frozenset(masks))


def borders_law(parameters: Parameters) -> Law:
    """Return the law of the set of points at which the slope changes."""
    net = Network(parameters.weights, parameters.biases)
    right = _set(net.borders())
    return Law(
        statement="The slope of h changes where a unit turns on or off and this affects the output.",
        holds=lambda answer, _sheet: answer == right,
        locate=lambda answer, _sheet: _first_border(answer, right),
        misconceptions=_border_misconceptions(parameters, net, right),
        credit=lambda answer, _sheet: Fraction(len(answer & right), len(answer | right)) / 2,
    )


def _border_misconceptions(
    parameters: Parameters, net: Network, right: frozenset[Any]
) -> tuple[Misconception, ...]:
    first = list(zip(net.weights[0], net.biases[0], strict=True))
    zeros = _set(-b / row[0] for row, b in first if row[0])
    signs = frozenset(-x for x in right)
    entering = _set(-b for _row, b in first)
    known = [
        mistaken("signs-of-borders", "w x + b is 0 at x = -b/w: check the signs.", signs),
        mistaken("points-for-borders", "Borders do not depend on the points x_o.", _set(parameters.points)),
        mistaken("biases-for-borders", "A unit switches where w x + b is 0: divide by w.", entering),
        mistaken("first-layer-only", "Units of the later layers switch, too.", zeros),
    ]
    slips = (slip for slip in border_slips(net, parameters.points) if slip.formula)
    return distinct([one for one in known if one.example], right, slips)


def _first_border(answer: frozenset[Any], right: frozenset[Any]) -> str:
    extra = sorted(answer - right)
    if extra:
        return f"The slope of h does not change at x = {extra[0]}."
    return f"The listed borders are right, but {len(right - answer)} of {len(right)} borders are missing."


def _set(values: Any) -> frozenset[Any]:
    return frozenset(rational(value) for value in values)
