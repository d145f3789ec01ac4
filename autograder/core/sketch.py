"""Sketches: eight numbers for an array, enough to keep thousands of wrong outputs and tell them apart.

A sketch holds the largest and the smallest entry, and six weighted sums, each over every sixth entry. Arrays
that agree within a tolerance have sketches that do; others differ, unless by less than the tolerance times
the number of entries in a sum.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from autograder.core.model import Array

SUMS = 6
NUMBERS = SUMS + 2


def sketch_of(array: Array) -> Array:
    """Return the sketch of `array`, (NUMBERS,) in float32; of an empty one, and of what is not finite, 0.

    >>> sketch_of(np.array([[2.0, -3.0]]))[:2].tolist()
    [2.0, -3.0]
    """
    flat = np.asarray(array, dtype=np.float64).ravel()
    sketch = np.zeros(NUMBERS, dtype=np.float32)
    if flat.size and np.isfinite(flat).all():
        rows = -(-flat.size // SUMS)
        padded = np.zeros(rows * SUMS)
        padded[: flat.size] = flat
        sums = (padded.reshape(rows, SUMS) * _weights(rows)).sum(axis=0) / rows
        with np.errstate(over="ignore"):
            sketch[:] = (flat.max(), flat.min(), *sums)
    return sketch


def agreeing(sketches: Array, others: Array, tolerances: float | Array) -> Array:
    """Tell which rows of `sketches` (..., NUMBERS) agree with `others`, relative to their largest entries."""
    scale = np.abs(sketches[..., :2]).max(axis=-1) + 1e-12
    with np.errstate(invalid="ignore"):  # what is beyond float32 agrees with nothing
        errors = np.abs(sketches.astype(np.float64) - others).max(axis=-1)
    agrees: Array = np.isfinite(errors) & (errors <= tolerances * scale)
    return agrees


@cache
def _weights(rows: int) -> Array:
    """Return weights of size 0.5 to 1.5 and either sign, always the same."""
    random = np.random.default_rng(rows)
    shape = (rows, SUMS)
    weights: Array = random.uniform(0.5, 1.5, shape) * random.choice((-1.0, 1.0), shape)
    return weights
