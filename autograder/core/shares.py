"""Points divided exactly, in hundredths, which pages and gradebooks show: none is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

HUNDREDTHS = 100  # of a point: the smallest that is shown


def shares(weights: Sequence[float], points: float) -> tuple[float, ...]:
    """Return `points` in proportion to `weights`, in hundredths that add up to exactly `points`.

    The largest remainder method: each gets its hundredths rounded down, and what is left over goes to those
    that lost most by it, the first of equals first. Weights that add up to the points stay as they are where
    they are hundredths themselves.

    >>> shares([1, 1, 1], 8), shares([3, 2, 1], 6)
    ((2.67, 2.67, 2.66), (3.0, 2.0, 1.0))
    """
    together = sum(map(Fraction, weights))
    if not together:
        return (0.0,) * len(weights)
    wanted = [Fraction(weight) * in_hundredths(points) / together for weight in weights]
    found = [math.floor(each) for each in wanted]
    left = in_hundredths(points) - sum(found)
    by_loss = sorted(range(len(wanted)), key=lambda place: (found[place] - wanted[place], place))
    for place in by_loss[:left]:
        found[place] += 1
    return tuple(each / HUNDREDTHS for each in found)


def in_hundredths(points: float) -> int:
    """Return how many hundredths of a point `points` are, rounded."""
    return round(points * HUNDREDTHS)
