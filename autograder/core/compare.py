"""Does an array equal the expected one? If not, say what a teacher would say about the difference.

Everything here is relative to the scale of the expected array, the largest of its absolute values, in
float64. What `Difference.describe` says is shown to the student: shapes, shares and places, never an expected
number.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.core.model import Array
from autograder.core.patterns import place, relation, relative_errors, shape_relation

TOLERANCE = 1e-5
MOST_AXES = 6
LONGEST = 10_000  # entries of an axis


@dataclass(frozen=True)
class Difference:
    """What sets an array apart from the expected one.

    `share` is the share of wrong entries, in (0, 1]; `error` the largest relative error (infinite where the
    shape is wrong or a number is not finite); `place` and `relation` are phrases, empty if nothing is
    certain.
    """

    expected_shape: tuple[int, ...]
    shape: tuple[int, ...]
    share: float = 1.0
    error: float = float("inf")
    non_finite: int = 0
    place: str = ""
    relation: str = ""

    def describe(self) -> str:
        """Say in one sentence, for the student, what differs and where."""
        if self.shape != self.expected_shape:
            said = f"has {shape_in_words(self.shape)}, expected {self.expected_shape}"
        elif self.non_finite:
            said = f"is NaN or infinite in {self.non_finite} of its {math.prod(self.shape)} entries"
        else:
            said = f"is wrong in {_percent(self.share)} of its entries"
            said += f", {self.place}" if self.place else ""
        return said + (f": {self.relation}" if self.relation else "")


def difference(
    expected: Array, got: Array, *, tolerance: float = TOLERANCE, axes: Sequence[str] = ()
) -> Difference | None:
    """Return what sets `got` apart from `expected`, or None if they agree.

        agree where |got - expected| <= tolerance * max |expected|, or where both are the same infinity or NaN

    Args: expected, got   arrays of numbers or booleans, of any shape;
          tolerance       relative to the largest finite entry of `expected` (to 1 where that is 0);
          axes            what to call the first axes: ("image", "channel"); their numbers where not given.
    Raises: TypeError for arrays that hold no real numbers.

    >>> difference(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None
    True
    >>> difference(np.zeros((2, 3)), np.zeros((3, 2))).describe()
    'has shape (3, 2), expected (2, 3)'
    """
    expected, got = _numbers(expected), _numbers(got)
    if np.array_equal(expected, got):
        return None  # most arrays of right code: found out in a fifth of the time
    if expected.shape != got.shape:
        return Difference(expected.shape, got.shape, relation=shape_relation(expected, got, tolerance))
    errors = relative_errors(expected, got)
    wrong = ~(errors <= tolerance)
    if not wrong.any():
        return None
    non_finite = int((wrong & ~np.isfinite(got)).sum())
    return Difference(
        expected.shape,
        got.shape,
        share=float(wrong.mean()),
        error=float("inf") if non_finite else float(errors[wrong].max()),
        non_finite=non_finite,
        place=place(wrong, axes),
        relation="" if non_finite else relation(expected, got, tolerance, axes),
    )


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Return what is said of a shape that a student chose: what no honest array has could carry a message.

    >>> shape_in_words((2, 3)), shape_in_words((0, 123456789))
    ('shape (2, 3)', 'a shape with an axis of 10000 entries or more')
    """
    if len(shape) > MOST_AXES:
        return f"a shape of more than {MOST_AXES} axes"
    if max(shape, default=0) >= LONGEST:
        return f"a shape with an axis of {LONGEST} entries or more"
    return f"shape {shape}"


def is_regrouping(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether two shapes differ only by axes of length 1 and by neighbouring axes taken together.

    Numbers in NumPy's order then mean the same in both; where axes are swapped, they do not.

    >>> is_regrouping((1, 5), (5,)), is_regrouping((2, 12), (2, 3, 4)), is_regrouping((3, 4), (4, 3))
    (True, True, False)
    """
    ends, others = (set(itertools.accumulate(sides, operator.mul)) - {1} for sides in (shape, other))
    return math.prod(shape) == math.prod(other) and (ends <= others or others <= ends)


def agree(expected: Array, got: Array, *, tolerance: float = TOLERANCE) -> bool:
    """Tell whether `difference` would find none, without saying which."""
    expected, got = _numbers(expected), _numbers(got)
    if expected.shape != got.shape:
        return False
    scale = float(np.abs(expected).max(initial=0.0)) or 1.0
    if not math.isfinite(scale):
        return bool((relative_errors(expected, got) <= tolerance).all())
    with np.errstate(invalid="ignore", over="ignore"):  # the usual case, in fewer passes
        return bool(np.abs(got - expected).max(initial=0.0) / scale <= tolerance)


def distinct_numbers(array: Array, *, enough: float = math.inf) -> frozenset[float]:
    """Return the different finite values of `array`, to five digits: what makes an agreement no accident.

    With `enough` of them, the others are left out.

    >>> sorted(distinct_numbers(np.array([1.0, 1.0, 2.0, 2.0000001, np.nan])))
    [1.0, 2.0]
    """
    values = _numbers(array)
    found: set[float] = set()
    for value in np.unique(values[np.isfinite(values)]).tolist():
        found.add(float(f"{value:.5g}"))
        if len(found) >= enough:
            break
    return frozenset(found)


def _numbers(array: Array) -> Array:
    array = np.asarray(array)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"compare: expected an array of real numbers, got dtype {array.dtype}.")
    return array.astype(np.float64, copy=False)


def _percent(share: float) -> str:
    if share == 1.0:
        return "all"
    return f"{max(1, min(99, round(100 * share)))} %"
