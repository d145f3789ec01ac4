"""Is one thing slower than another? Timed in pairs right after each other, with a confidence interval."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ratio:
    """The median of the ratios of `pairs` pairs, and the bounds of its confidence interval."""

    middle: float
    low: float
    high: float
    pairs: int
    confidence: float = CONFIDENCE


def paired_ratio(one: Callable[[], object], other: Callable[[], object], *, pairs: int) -> Ratio:
    """Time `one` against `other`, each once a pair, the first of a pair alternating, after two to warm up.

    What else the machine does meets both of a pair alike, and what it does in between leaves an outlier that
    a median does not heed. Raises ValueError for fewer than 6 pairs, which bound nothing.
    """
    ratios = []
    for number in range(pairs + 2):
        order = (one, other) if number % 2 else (other, one)
        first, second = (_seconds(run) for run in order)
        ratios.append(first / second if number % 2 else second / first)
    return ratio_of(ratios[2:])


def ratio_of(ratios: Sequence[float]) -> Ratio:
    """Return the median of `ratios` with an interval out of their order alone (the sign test's).

    The r-th smallest and r-th largest bound the median with probability 1 - 2 P(Binomial(n, 1/2) < r): no
    assumption is made on how times are distributed. Source: Conover, Practical Nonparametric Statistics, 3.2.

    >>> ratio_of([1.0, 1.1, 0.9, 1.05, 0.95, 1.0])
    Ratio(middle=1.0, low=0.9, high=1.1, pairs=6, confidence=0.95)
    """
    ordered, count = sorted(ratios), len(ratios)
    rank, below = 0, 0.0
    while (below := below + math.comb(count, rank) / 2**count) <= (1 - CONFIDENCE) / 2:
        rank += 1
    if rank == 0:
        raise ValueError(f"ratio_of: expected at least 6 pairs, got {count}.")
    return Ratio(statistics.median(ordered), ordered[rank - 1], ordered[-rank], count)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
