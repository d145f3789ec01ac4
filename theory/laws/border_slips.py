"""Slips in the borders between the linear pieces of a ReLU network."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from theory.laws.network_slips import rational, ways
from theory.laws.piecewise import Network
from theory.slips import Slip


def border_slips(net: Network, points: Sequence[Fraction]) -> Iterator[Slip]:
    """Yield the sets of borders that slips lead to."""
    right = net.borders()
    for way in ways(net, Fraction(1), ()):
        if not way.linear and way.point == 1:
            yield Slip(way.id, way.hint, _set(way.net.borders()), way.family)
    yield Slip(
        "corners-that-do-not-show",
        "A unit that switches need not change the slope of h.",
        _set(net.corners()),
    )
    for border in right:
        yield Slip("border-missing", "A border is missing.", _set(right) - _set([border]), is_plain=True)
        yield Slip("sign-of-one-border", "w x + b is 0 at x = -b/w: check the signs.",
                   _set([-other if other == border else other for other in right]))  # fmt: skip
    first = list(zip(net.weights[0], net.biases[0], strict=True))
    zeros = [-b / row[0] for row, b in first if row[0]]
    second = [corner for corner in net.corners() if corner not in zeros]
    yield Slip("later-layers-only", "Units of the first layer switch, too.", _set(second))
    for zero in zeros:
        yield Slip("one-unit-only", "Other units switch, too.", _set([zero]))
    for extra in (
        Fraction(0),
        Fraction(1),
        *points,
        *(net.biases[0]),
        *(b for bias in net.biases for b in bias),
    ):
        if extra not in right:
            yield Slip(
                "border-too-many",
                "There the slope of h does not change.",
                _set([*right, extra]),
                is_plain=True,
            )
    turned = _set([-row[0] / b if b else 0 for row, b in first])
    yield Slip("reciprocals", "w x + b is 0 at x = -b/w.", turned)
    roots = _roots(net, right)
    yield Slip("zeros-of-h", "The question is where the slope changes, not where h is 0.", _set(roots))


def _roots(net: Network, borders: Sequence[Fraction]) -> list[Fraction]:
    ends = sorted(borders)
    inner = [(first + second) / 2 for first, second in itertools.pairwise(ends)]
    found = []
    for middle in [ends[0] - 1, *inner, ends[-1] + 1] if ends else [Fraction(0)]:
        slope = net.slope(net.mask(middle))
        root = middle - net.value(middle) / slope if slope else None
        if root is not None and net.value(root) == 0:
            found.append(root)
    return found


def _set(values: Any) -> frozenset[Any]:
    return frozenset(rational(value) for value in values)
