"""What a teacher sees in a wrong array: where its errors are, and how it relates to the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.core.model import Array

# Fewer different numbers than this can agree by accident: no relation is claimed then.
MIN_DISTINCT = 4


def _scale(expected: Array) -> float:
    finite = np.abs(expected[np.isfinite(expected)])
    largest = float(finite.max()) if finite.size else 0.0
    return largest or 1.0


def relative_errors(expected: Array, got: Array) -> Array:
    """Return |got - expected| / max |expected|, and 0 if both are the same infinity or NaN."""
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(got - expected) / _scale(expected)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.where(same, 0.0, errors)


def _signed_scale(expected: Array) -> float:
    return float(expected.ravel()[np.abs(expected).argmax()])


def _close(expected: Array, got: Array, tolerance: float) -> bool:
    return expected.shape == got.shape and bool((relative_errors(expected, got) <= tolerance).all())


def place(wrong: Array, axes: Sequence[str] = ()) -> str:
    """Say where the wrong entries (a mask of any shape) sit; nothing if they sit nowhere in particular.

    `axes` are the names of the first axes, where these are known, such as ("image", "filter").
    """
    if wrong.all():
        return ""
    phrases = [phrase for phrase in (_image_place(wrong), _axis_place(wrong, axes)) if phrase]
    return "only " + ", ".join(phrases) if phrases else ""


def _image_place(wrong: Array) -> str:
    """Say which part of the last two axes (rows, columns) of a 4-axis array holds all wrong entries."""
    if wrong.ndim != 4 or min(wrong.shape[2:]) < 2:
        return ""
    pixels = wrong.any(axis=(0, 1))
    for name, region in _regions(*pixels.shape):
        if not (pixels & ~region).any():
            return name
    return ""


def _regions(height: int, width: int) -> Iterator[tuple[str, Array]]:
    """Yield the parts of an image that errors like to sit in, the smallest first."""
    rows, columns = np.indices((height, width))
    top, bottom, left, right = rows == 0, rows == height - 1, columns == 0, columns == width - 1
    is_large = min(height, width) > 2
    if is_large:
        yield "in the corners", (top | bottom) & (left | right)
    yield "in the first row", top
    yield "in the last row", bottom
    yield "in the first column", left
    yield "in the last column", right
    if is_large:
        yield "in the last row and column", bottom | right
        yield "in the first row and column", top | left
        yield "at the border", top | bottom | left | right
    if min(height, width) > 4:
        inner = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns))
        yield "within 2 pixels of the border", inner < 2


def _axis_place(wrong: Array, axes: Sequence[str]) -> str:
    """Name the axis and index that hold all wrong entries: one sample, one channel, one filter."""
    for axis in range(min(wrong.ndim, 2)):
        others = tuple(other for other in range(wrong.ndim) if other != axis)
        indices = np.flatnonzero(wrong.any(axis=others))
        if wrong.shape[axis] > 1 and indices.size == 1:
            if axis < len(axes):
                return f"in {axes[axis]} {indices[0]} (counted from 0)"
            return f"at index {indices[0]} of axis {axis}"
    return ""


def relation(expected: Array, got: Array, tolerance: float, axes: Sequence[str] = ()) -> str:
    """Say how the wrong but finite array `got` is related to `expected`, where that is certain.

    `axes` are the names of the first axes, as in `place`.
    """
    if got.size and not got.any():
        return "all entries are 0"
    if np.unique(expected).size < MIN_DISTINCT:
        return ""
    if np.isin(got, (0.0, 1.0)).all():
        return "all entries are 0 or 1"
    if _close(np.trunc(expected), got, tolerance):
        return "right, but truncated to whole numbers"
    if _close(expected, -got, tolerance):
        return "every entry has the opposite sign"
    factor = float(got.ravel()[np.abs(expected).argmax()] / _signed_scale(expected))
    if factor and _close(expected * factor, got, tolerance):
        return "right except for a constant factor"
    return _offset(expected, got, tolerance, axes) or _rearranged(expected, got, tolerance, axes)


def _offset(expected: Array, got: Array, tolerance: float, axes: Sequence[str]) -> str:
    gap = got - expected
    if not np.isfinite(gap).all():
        return ""
    if _close(expected + gap.mean(), got, tolerance):
        return "right except for an added constant"
    axis = 1
    if gap.ndim < 2 or gap.size <= 2 * gap.shape[axis]:
        return ""
    others = tuple(other for other in range(gap.ndim) if other != axis)
    if _close(expected + gap.mean(axis=others, keepdims=True), got, tolerance):
        each = axes[axis] if axis < len(axes) else f"index of axis {axis}"
        return f"right except for an added constant for each {each}"
    return ""


def _rearranged(expected: Array, got: Array, tolerance: float, axes: Sequence[str]) -> str:
    if expected.ndim < 2:
        return ""
    last = "rows and columns" if expected.ndim == 4 else "its last two axes"
    first = " and ".join(f"{name}s" for name in axes[:2]) if len(axes) > 1 else "its first two axes"
    moves: dict[str, Callable[[Array], Array]] = {
        f"right, but with {last} swapped": lambda array: array.swapaxes(-1, -2),
        "right, but upside down and mirrored": lambda array: array[..., ::-1, ::-1],
        "right, but mirrored left to right": lambda array: array[..., ::-1],
        f"right, but with {first} swapped": lambda array: array.swapaxes(0, 1),
    }
    for phrase, move in moves.items():
        if _close(expected, move(got), tolerance):
            return phrase
    return "the right numbers in the wrong places" if _same_numbers(expected, got, tolerance) else ""


def _same_numbers(expected: Array, got: Array, tolerance: float) -> bool:
    return _close(np.sort(expected, axis=None), np.sort(got, axis=None), tolerance)


def shape_relation(expected: Array, got: Array, tolerance: float) -> str:
    """Say how `got`, of a wrong shape, is related to `expected`, where that is certain."""
    if expected.size != got.size or np.unique(expected).size < MIN_DISTINCT:
        return ""
    if expected.ndim == got.ndim >= 2 and _close(expected, got.swapaxes(-1, -2), tolerance):
        swapped = "rows and columns" if expected.ndim == 4 else "its last two axes"
        return f"right, but with {swapped} swapped"
    if _close(expected.reshape(-1), got.reshape(-1), tolerance):
        return "the right numbers, in a different shape"
    return ""
