"""ReLU networks of one variable, exactly: values, masks, slopes and the borders between linear pieces."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Mask = tuple[tuple[bool, ...], ...]  # one row per hidden layer, one entry per unit
Keep = Callable[[int, int, Fraction], Fraction]  # what a unit's ReLU makes of its input, by layer and place


@dataclass(frozen=True)
class Network:
    """h(x) = W_n relu(… relu(W_1 x + b_1) …) + b_n, with rational weights; one input, one output."""

    weights: tuple[tuple[tuple[Fraction, ...], ...], ...]
    biases: tuple[tuple[Fraction, ...], ...]

    def layers(self, x: Fraction) -> list[list[Fraction]]:
        """Return what enters the ReLU of each hidden layer, and last the output."""
        inside, entering = [x], []
        for table, bias in zip(self.weights, self.biases, strict=True):
            values = [_dot(row, inside) + b for row, b in zip(table, bias, strict=True)]
            entering.append(values)
            inside = [max(Fraction(0), value) for value in values]
        return entering

    def value(self, x: Fraction) -> Fraction:
        """Return h(x)."""
        return self.layers(x)[-1][0]

    def mask(self, x: Fraction) -> Mask:
        """Tell which hidden units are on at x: those that more than 0 enters."""
        return tuple(tuple(value > 0 for value in values) for values in self.layers(x)[:-1])

    def slope(self, mask: Mask) -> Fraction:
        """Return W_n D_n-1 … D_1 W_1, where D_k keeps the units of layer k that are on in `mask`."""
        column = [Fraction(1)]
        for layer, table in enumerate(self.weights):
            column = [_dot(row, column) for row in table]
            if layer < len(mask):
                column = [value if on else Fraction(0) for value, on in zip(column, mask[layer], strict=True)]
        return column[0]

    def all_on(self) -> Mask:
        """Return the mask under which no unit is off."""
        return tuple((True,) * len(bias) for bias in self.biases[:-1])

    def borders(self) -> tuple[Fraction, ...]:
        """Return every x at which the slope of h changes, from left to right."""
        return tuple(x for x, left, right in self._meetings() if left != right)

    def corners(self) -> tuple[Fraction, ...]:
        """Return every x at which some unit turns on or off, from left to right.

        Between two neighbours all units are linear, so the zeros of the next layer are found exactly.
        """
        corners: list[Fraction] = []
        for layer in range(len(self.weights) - 1):
            found = set(corners)
            for left, right in _pieces(corners):
                found |= self._zeros(layer, left, right)
            corners = sorted(found)
        return tuple(corners)

    def _zeros(self, layer: int, left: Fraction, right: Fraction) -> set[Fraction]:
        at_left, at_right = (self.layers(x)[layer] for x in (left, right))
        zeros = set()
        for low, high in zip(at_left, at_right, strict=True):
            if low != high:
                zeros.add(left - low * (right - left) / (high - low))
        return zeros

    def _meetings(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Return each corner with the slopes on its left and on its right."""
        corners = list(self.corners())
        slopes = [(self.value(right) - self.value(left)) / (right - left) for left, right in _pieces(corners)]
        return [(x, *pair) for x, pair in zip(corners, itertools.pairwise(slopes), strict=True)]


def _dot(row: Sequence[Fraction], column: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0))


def _pieces(corners: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """Return two points inside each piece, the outermost pieces included."""
    if not corners:
        return [(Fraction(0), Fraction(1))]
    inner = [((2 * a + b) / 3, (a + 2 * b) / 3) for a, b in itertools.pairwise(corners)]
    return [(corners[0] - 2, corners[0] - 1), *inner, (corners[-1] + 1, corners[-1] + 2)]
