"""Which entries of an array are wrong, drawn: as a heat map for pages, and as marks for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.core.compare import TOLERANCE
from autograder.core.model import Array
from autograder.core.patterns import relative_errors

MOST_ENTRIES = 144  # of an array that is shown
CELL = 18  # pixels
GAP = 6


def shown(array: Array) -> str:
    """Return the numbers of `array` as rows, or its shape where there are too many.

    >>> shown(np.array([[1.0, -2.5]]))
    '[[ 1.  -2.5]]'
    """
    if array.size > MOST_ENTRIES:
        return f"an array of shape {array.shape}"
    return np.array2string(array, precision=4, suppress_small=True, max_line_width=100)


def wrong_entries(got: Array | None, right: Array) -> Array | None:
    """Return the relative error of every entry, 0 where it is right; None if there is nothing to draw."""
    if got is None or got.shape != right.shape or not 1 < right.size <= MOST_ENTRIES:
        return None
    errors = relative_errors(right.astype(np.float64), got.astype(np.float64))
    return np.where(errors <= TOLERANCE, 0.0, np.nan_to_num(errors, nan=1.0, posinf=1.0))


def as_marks(errors: Array) -> str:
    """Return a line for each row, with × for wrong entries and · for right ones.

    >>> print(as_marks(np.array([[0.0, 2.0], [0.0, 0.0]])))
    · ×
    · ·
    """
    blocks = []
    for name, block in _slices(errors):
        lines = [" ".join("×" if entry else "·" for entry in row) for row in block]
        blocks.append("\n".join([f"{name}:", *lines] if name else lines))
    return "\n".join(blocks)


def as_heat_map(errors: Array) -> str:
    """Return an SVG with a square for each entry: the darker, the larger the error; right ones stay light."""
    blocks = list(_slices(errors))
    height = max(len(block) for _, block in blocks) * CELL + 16
    width = sum(block.shape[1] * CELL + GAP for _, block in blocks)
    squares = []
    left = 0
    for name, block in blocks:
        squares.append(f'<text x="{left}" y="11" font-size="10" fill="currentColor">{name}</text>')
        for (row, column), error in np.ndenumerate(block):
            x, y = left + column * CELL, 16 + row * CELL
            squares.append(
                f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" rx="2" '
                f'fill="{"#b3372f" if error else "#7d9"}" fill-opacity="{_opacity(float(error)):.2f}"/>'
            )
        left += block.shape[1] * CELL + GAP
    count = int((errors > 0).sum())
    label = f"{count} of {errors.size} entries are wrong"
    return (
        f'<svg role="img" aria-label="{label}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(squares)}</svg>'
    )


def _opacity(error: float) -> float:
    return 0.35 if not error else 0.5 + 0.5 * min(error, 1.0)


def _slices(errors: Array) -> Iterator[tuple[str, Array]]:
    """Yield the last two axes of an array, with the indices of the others in words."""
    if errors.ndim < 3:
        yield "", np.atleast_2d(errors)
        return
    for index in np.ndindex(*errors.shape[:-2]):
        yield f"[{', '.join(map(str, index))}]", errors[index]
