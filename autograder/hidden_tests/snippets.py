"""Pieces of the lines that reproduce a case: arrays and settings as a student would type them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from autograder.core.model import Array, Case


def literal(array: Array) -> str:
    """Return `array` as nested lists; whole numbers keep a point, so that they stay floats.

    >>> literal(np.array([[1.0, -2.5]])), literal(np.array([1, 2]))
    ('[[1., -2.5]]', '[1, 2]')
    """
    text = np.array2string(array, separator=", ", threshold=2**31, max_line_width=2**31, floatmode="unique")
    return re.sub(r"\s+", " ", text).replace("[ ", "[").replace(" ]", "]")


def numpy_array(array: Array) -> str:
    """Return the expression that makes `array`, short where all its entries are one number."""
    dtype = "" if array.dtype in (np.float64, np.int64) else f", dtype=np.{array.dtype.name}"
    return f"np.array({literal(array)}{dtype})"


def tensor(array: Array) -> str:
    """Return the expression that makes a tensor of `array`."""
    return f"torch.tensor({literal(array)})"


def keywords(case: Case, names: Iterable[str]) -> str:
    """Return the settings `names` that are given, as keyword arguments."""
    return ", ".join(f"{name}={case.settings[name]!r}" for name in names if name in case.settings)
