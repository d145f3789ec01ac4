"""dh/dx = W and W x_o + b = h(x_o), in exact rationals; the slope is W_n D_n-1 … D_1 W_1."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theory.law import Law, Laws, agree, distinct, mistaken, value_law
from theory.laws.network_slips import offset_slips, pattern_slips, rational, slope_slips
from theory.laws.piecewise import Mask, Network
from theory.laws.relu_pieces import borders_law, slope_law
from theory.parse import Matrix
from theory.questions.relu_network import Parameters
from theory.slips import Slip


def laws(parameters: Parameters) -> Laws:
    """Return the laws of all blanks."""
    found: dict[str, Law] = {}
    net = Network(parameters.weights, parameters.biases)
    for number, point in enumerate(parameters.points, start=1):
        found[f"pattern_{number}"] = _pattern(net, point, parameters.points)
        found[f"W_{number}"] = _slope(net, point, parameters.points)
        found[f"b_{number}"] = _offset(net, point, parameters.points, slope=f"W_{number}")
    return {**found, "slope": slope_law(len(parameters.weights)), "borders": borders_law(parameters)}


def _pattern(net: Network, point: Fraction, points: Sequence[Fraction]) -> Law:
    right = _as_matrix(net.mask(point), net.biases)
    values = Matrix([list(map(rational, row)) for row in net.layers(point)[:-1]]) if _is_even(net) else None
    known = [
        mistaken("pattern-inverted", "1 is for units that are on.", _filled(net, 1) - right),
        mistaken(
            "all-units-on", "Compute what enters each ReLU at this point: some are off.", _filled(net, 1)
        ),
        mistaken("pattern-transposed", "One row per layer, one column per unit.", right.T),
    ]
    if values is not None:
        known.append(
            mistaken("values-for-pattern", "Write 1 for on and 0 for off, not the input of the unit.", values)
        )
    return Law(
        statement="A unit is on exactly where more than 0 enters its ReLU.",
        holds=lambda answer, _sheet: agree(answer, right),
        locate=lambda answer, _sheet: _first_unit(answer, right),
        misconceptions=distinct(
            known, right, pattern_slips(net, point, points, lambda mask: _as_matrix(mask, net.biases))
        ),
        credit=lambda answer, _sheet: Fraction(0),
    )


def _is_even(net: Network) -> bool:
    return len({len(bias) for bias in net.biases[:-1]}) == 1


def _as_matrix(mask: Mask, biases: tuple[tuple[Fraction, ...], ...]) -> Any:
    width = max(len(bias) for bias in biases[:-1])  # shorter layers are filled with zeros
    return Matrix([[int(on) for on in row] + [0] * (width - len(row)) for row in mask])


def _filled(net: Network, value: int) -> Any:
    return value * _as_matrix(net.all_on(), net.biases)


def _first_unit(answer: Any, right: Any) -> str:
    if answer.shape != right.shape:
        return (
            f"Expected one row per hidden layer and one column per unit, got {answer.rows} x {answer.cols}."
        )
    places = [(row, column) for row in range(right.rows) for column in range(right.cols)]
    row, column = next(place for place in places if answer[place] != right[place])
    return f"The first wrong entry is layer {row + 1}, unit {column + 1}: compute what enters its ReLU."


def _slope(net: Network, point: Fraction, points: Sequence[Fraction]) -> Law:
    mask, right = net.mask(point), net.slope(net.mask(point))
    inverted = tuple(tuple(not on for on in row) for row in mask)
    through = tuple(max(Fraction(0), value) for value in net.layers(point)[-2])
    last_only = sum((w * h for w, h in zip(net.weights[-1][0], through, strict=True)), Fraction(0))
    return value_law(
        "W is the slope of h at this point.",
        rational(right),
        [
            mistaken("dead-unit-not-masked", "A unit that is off passes no gradient.",
                     rational(net.slope(net.all_on()))),
            mistaken("value-for-slope", "This is h(x_o); W is how fast h changes there.",
                     rational(net.value(point))),
            mistaken("activations-for-slope", "The chain rule multiplies weights, not the values of units.",
                     rational(last_only)),
        ],
        place="This is not dh/dx here: which units are on, and which paths from x to h remain?",
        slips=(
            Slip("units-inverted", "The units that are on pass the gradient, not those that are off.",
                 rational(net.slope(inverted)), "units"),
            Slip("all-units-off", "Some units are on at this point: compute what enters each.",
                 rational(Fraction(0)), "units"),
            Slip("slope-negated", "Check the sign.", rational(-right), is_plain=True),
            *slope_slips(net, point, points),
        ),
    )  # fmt: skip


def _offset(net: Network, point: Fraction, points: Sequence[Fraction], *, slope: str) -> Law:
    value, right_slope = net.value(point), net.slope(net.mask(point))
    sums = sum((b for bias in net.biases for b in bias), Fraction(0))
    unmasked, at = net.slope(net.all_on()), rational(point)
    return value_law(
        "W x_o + b equals h(x_o).",
        rational(value - right_slope * point),
        [
            mistaken("value-for-offset", "This is h(x_o); b is what is left after subtracting W x_o.",
                     rational(value)),
            mistaken("offset-added", "b = h(x_o) - W x_o: subtract W x_o, do not add it.",
                     rational(value + right_slope * point)),
            mistaken("biases-added", "Biases pass the later layers too: b is not their sum.", rational(sums)),
            mistaken("last-bias-only", "The biases of the hidden layers reach the output too.",
                     rational(net.biases[-1][0])),
            mistaken("offset-of-unmasked-slope", "This b belongs to the slope with every unit on.",
                     rational(value - unmasked * point)),
        ],
        place="W x_o + b does not equal h(x_o): compute h(x_o) first, then subtract W x_o.",
        slips=offset_slips(net, point, points),
        follows=lambda answer, sheet: slope in sheet and answer == rational(value) - sheet[slope] * at,
    )  # fmt: skip
