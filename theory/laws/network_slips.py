"""Slips in following a point through a ReLU network: each makes another network, which is computed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from theory.laws.piecewise import Mask, Network
from theory.parse import Matrix
from theory.slips import Slip

WIDEST = 4  # units, of layers whose patterns are all tried
INDEX = "Row i of W^(k) belongs to unit i of layer k."


@dataclass(frozen=True)
class Way:
    """A network with one slip in it: `net` is followed at `point`, and the ReLUs of `linear` are left out."""

    id: str
    hint: str
    net: Network
    point: Fraction
    linear: frozenset[int] = frozenset()

    @property
    def family(self) -> str:
        """Say what the slip is about."""
        kinds = (("relu", "units"), ("bias", "biases"), ("weights", "weights"))
        return next((family for word, family in kinds if word in self.id), "")

    def entering(self) -> list[list[Fraction]]:
        """Return what enters each layer's ReLU, and last the output."""
        inside, found = [self.point], []
        for layer, (table, bias) in enumerate(zip(self.net.weights, self.net.biases, strict=True)):
            values = [_dot(row, inside) + b for row, b in zip(table, bias, strict=True)]
            found.append(values)
            inside = values if layer in self.linear else [max(Fraction(0), value) for value in values]
        return found

    def mask(self) -> Mask:
        """Tell which units are on; where a ReLU is left out all of its layer are."""
        return tuple(tuple(value > 0 for value in values) for values in self.entering()[:-1])

    def slope(self) -> Fraction:
        """Return the slope by this way of going."""
        mask = self.mask()
        passed = tuple((True,) * len(row) if layer in self.linear else row for layer, row in enumerate(mask))
        return self.net.slope(passed)

    def value(self) -> Fraction:
        """Return the output by this way of going."""
        return self.entering()[-1][0]


def ways(net: Network, point: Fraction, points: Sequence[Fraction]) -> Iterator[Way]:
    """Yield the ways of going wrong once between x and h."""
    for layer in range(len(net.weights) - 1):
        hint = f"The ReLU of layer {layer + 1} lets no negative numbers through."
        yield Way(f"relu-{layer + 1}-forgotten", hint, net, point, frozenset([layer]))
    hidden = frozenset(range(len(net.weights) - 1))
    yield Way("relus-forgotten", "ReLUs let no negative numbers through.", net, point, hidden)
    for layer, bias in enumerate(net.biases):
        number = layer + 1
        yield Way(f"bias-{number}-forgotten", f"b^({number}) is left out.", _with_bias(net, layer, 0), point)
        yield Way(f"bias-{number}-subtracted", f"b^({number}) is added.", _with_bias(net, layer, -1), point)
        if len(bias) > 1:
            turned = _replaced(net.biases, layer, bias[::-1])
            hint = f"Entry i of b^({number}) belongs to unit i."
            yield Way(f"bias-{number}-turned-around", hint, Network(net.weights, turned), point)
    zeros = tuple((Fraction(0),) * len(bias) for bias in net.biases)
    yield Way("biases-forgotten", "The biases are left out.", Network(net.weights, zeros), point)
    yield from _other_weights(net, point)
    yield Way("sign-of-x", "Check the sign of x_o.", net, -point)
    for other in points:
        if other != point:
            yield Way("another-point", "This is the answer at another x_o.", net, other)


def _other_weights(net: Network, point: Fraction) -> Iterator[Way]:
    for layer, table in enumerate(net.weights):
        number = layer + 1
        if len(table) > 1 and len(table[0]) == len(table):
            turned = tuple(zip(*table, strict=True))
            changed = Network(_replaced(net.weights, layer, turned), net.biases)
            yield Way(f"weights-{number}-transposed", f"W^({number}) is transposed: {INDEX}", changed, point)
        if len(table) > 1:
            changed = Network(_replaced(net.weights, layer, table[::-1]), net.biases)
            yield Way(f"rows-of-weights-{number}-swapped", INDEX, changed, point)


def slope_slips(net: Network, point: Fraction, points: Sequence[Fraction]) -> Iterator[Slip]:
    """Yield the slopes that slips lead to."""
    right, mask = net.slope(net.mask(point)), net.mask(point)
    for way in ways(net, point, points):
        yield Slip(way.id, way.hint, rational(way.slope()), way.family)
    for layer, row in enumerate(mask):
        for unit in range(len(row)):
            flipped = _replaced(mask, layer, _replaced(row, unit, not row[unit]))
            hint = "One unit is treated as on that is off, or as off that is on."
            yield Slip("one-unit-wrong", hint, rational(net.slope(flipped)), "units", is_plain=True)
        if not all(row):
            hint = f"Units of layer {layer + 1} that are off pass no gradient."
            yield Slip(
                f"layer-{layer + 1}-not-masked",
                hint,
                rational(net.slope(_replaced(mask, layer, (True,) * len(row)))),
                "units",
            )
        inverted = _replaced(mask, layer, tuple(not on for on in row))
        hint = f"In layer {layer + 1} the units that are off are treated as on."
        yield Slip(f"relu-{layer + 1}-inverted", hint, rational(net.slope(inverted)), "units")
        skipped = _without_layer(net, mask, layer)
        if skipped is not None:
            yield Slip(f"weights-{layer + 1}-left-out", f"W^({layer + 1}) is left out.", rational(skipped))
    yield Slip("offset-given", "This is b.", rational(net.value(point) - right * point))
    if point:
        yield Slip("value-by-x", "W is the slope, not h(x_o) / x_o.", rational(net.value(point) / point))
    yield Slip("value-and-slope", "This is h(x_o) and W together.", rational(net.value(point) + right))
    yield Slip("factor-two", "Where does the factor 2 come from?", rational(2 * right), is_plain=True)
    yield Slip("factor-a-half", "Where does the factor 1/2 come from?", rational(right / 2), is_plain=True)
    if right:
        yield Slip("reciprocal", "This is 1 / W.", rational(1 / right))
    yield Slip("slope-times-x", "This is W x_o.", rational(right * point))


def offset_slips(net: Network, point: Fraction, points: Sequence[Fraction]) -> Iterator[Slip]:
    """Yield the offsets that slips lead to: in the value, in the slope, or in both."""
    slope, value = net.slope(net.mask(point)), net.value(point)
    for way in ways(net, point, points):
        yield Slip(way.id, way.hint, rational(way.value() - way.slope() * way.point), way.family)
        for id, offset in (("value", way.value() - slope * point), ("slope", value - way.slope() * point)):
            yield Slip(
                f"{way.id}-in-the-{id}",
                f"In the {id}: {way.hint[0].lower()}{way.hint[1:]}",
                rational(offset),
                way.family,
            )
    offset = value - slope * point
    yield Slip("sign-turned", "b is h(x_o) - W x_o.", rational(-offset), is_plain=True)
    yield Slip("slope-given", "This is W.", rational(slope))
    yield Slip("slope-taken-off", "Subtract W x_o, not W.", rational(value - slope))
    yield Slip("only-the-slope-times-x", "This is W x_o.", rational(slope * point))
    yield Slip("slope-times-x-negated", "h(x_o) is missing.", rational(-slope * point))
    for layer, bias in enumerate(net.biases[:-1]):
        yield Slip(
            "hidden-biases-added", "Biases pass the later layers too.", rational(sum(bias, Fraction(0)))
        )
        if layer == len(net.biases) - 2:
            total = _dot(net.weights[-1][0], [Fraction(b) for b in bias]) + net.biases[-1][0]
            yield Slip("first-bias-left-out", "b^(1) passes the later layers too.", rational(total))
    hidden = offset - net.biases[-1][0]
    yield Slip("last-bias-forgotten", "The last layer adds its own bias.", rational(hidden), "biases")


def pattern_slips(net: Network, point: Fraction, points: Sequence[Fraction], shape: Any) -> Iterator[Slip]:
    """Yield the patterns that slips lead to; `shape` turns a mask into a matrix."""
    mask = net.mask(point)
    for way in ways(net, point, points):
        yield Slip(way.id, way.hint, shape(way.mask()), way.family)
    if len({len(row) for row in mask}) == 1:
        yield Slip("layers-turned-around", "The first row is the first layer.", shape(mask[::-1]))
        yield Slip(
            "units-turned-around",
            "The first column is the first unit.",
            shape(tuple(row[::-1] for row in mask)),
        )
        flat = [[int(on) for row in mask for on in row]]
        yield Slip("one-row-for-all", "Write one row per hidden layer.", Matrix(flat))
        yield Slip("one-column-for-all", "Write one row per hidden layer.", Matrix(flat).T)
    for layer, row in enumerate(mask):
        yield Slip("one-layer-only", "Write one row per hidden layer.", Matrix([[int(on) for on in row]]))
        inverted = tuple(not on for on in row)
        yield Slip(
            "one-layer-inverted", "1 is for units that are on.", shape(_replaced(mask, layer, inverted))
        )
        on = _replaced(mask, layer, (True,) * len(row))
        yield Slip(f"layer-{layer + 1}-all-on", f"In layer {layer + 1} a unit is off.", shape(on))
        for unit in range(len(row)):
            flipped = _replaced(mask, layer, _replaced(row, unit, not row[unit]))
            hint = "Compute what enters each unit again: one is wrong."
            yield Slip("one-unit-wrong", hint, shape(flipped), is_plain=True)
    yield from _first_wrong_layers(net, point, shape)
    yield Slip("all-units-off", "Compute what enters each unit: some are on.",
               shape(tuple(tuple(False for _ in row) for row in mask)))  # fmt: skip
    signs = shape(mask) * 2 - shape(net.all_on())
    yield Slip("minus-one-for-off", "Write 0 for off.", signs)
    outputs = [[max(Fraction(0), value) for value in row] for row in net.layers(point)[:-1]]
    if len({len(row) for row in outputs}) == 1:
        yield Slip("outputs-for-pattern", "Write 1 for on, not the output.",
                   Matrix([[rational(value) for value in row] for row in outputs]))  # fmt: skip


def _first_wrong_layers(net: Network, point: Fraction, shape: Any) -> Iterator[Slip]:
    """Yield every pattern that goes wrong in one layer; later layers are right, or follow from that one."""
    mask = net.mask(point)
    for layer, row in enumerate(mask[:WIDEST] if max(map(len, mask)) <= WIDEST else ()):
        hint = f"The first mistake is in layer {layer + 1}: compute what enters its units again."
        for wrong in itertools.product((False, True), repeat=len(row)):
            for other in (_replaced(mask, layer, wrong), _followed(net, point, layer, wrong)):
                yield Slip(f"layer-{layer + 1}-wrong", hint, shape(other), is_plain=True)


def _followed(net: Network, point: Fraction, wrong_layer: int, wrong: tuple[bool, ...]) -> Mask:
    """Return the pattern that a student finds who takes one layer's units to be on as `wrong` says."""
    inside, found = [point], []
    for layer, (table, bias) in enumerate(zip(net.weights[:-1], net.biases[:-1], strict=True)):
        values = [_dot(row, inside) + b for row, b in zip(table, bias, strict=True)]
        on = wrong if layer == wrong_layer else tuple(value > 0 for value in values)
        inside = [value if is_on else Fraction(0) for value, is_on in zip(values, on, strict=True)]
        found.append(on)
    return tuple(found)


def _without_layer(net: Network, mask: Mask, layer: int) -> Fraction | None:
    """Return the slope without the weights of one layer, where the others still fit together."""
    tables = [table for number, table in enumerate(net.weights) if number != layer]
    masks = [row for number, row in enumerate(mask) if number != layer]
    sides = [1, *(len(table) for table in tables)]
    if any(len(table[0]) != side for table, side in zip(tables, sides, strict=False)):
        return None
    biases = tuple((Fraction(0),) * len(table) for table in tables)
    return Network(tuple(tables), biases).slope(tuple(masks[: len(tables) - 1]))


def _with_bias(net: Network, layer: int, factor: int) -> Network:
    bias = tuple(factor * b for b in net.biases[layer])
    return Network(net.weights, _replaced(net.biases, layer, bias))


def _replaced(row: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    return (*row[:place], value, *row[place + 1 :])


def _dot(row: Sequence[Fraction], column: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0))


def rational(value: Fraction) -> Any:
    """Return a fraction as sympy's number."""
    return sympy.Rational(value.numerator, value.denominator)
