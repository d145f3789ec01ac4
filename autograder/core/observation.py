"""Observations: what the hidden tests saw, as the diagnosis reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.core.compare import TOLERANCE, agree, is_regrouping
from autograder.core.model import Array, Case, Reply

View = Callable[[Case, Array], Array]
# A mutant that is nearer to the reference than this many tolerances cannot be told from rounding; fewer do
# where the tolerance itself is wide.
CLEAR = 100.0


def present(case: Case, array: Array) -> Array:
    """Keep nothing of an array but that it is there: a view for tests that look at something else."""
    return np.ones(1)


@dataclass(frozen=True)
class Observation:
    """What one hidden test saw under one key of one case.

    `view`, if any, reduces an array to that part of it which is not the student's free choice; `derived` are
    the families of keys that the probe makes itself of what the student's code gives, such as gradients that
    torch computes. Without `exact_shape`, right numbers in another shape are right (see `is_regrouping`): one
    test of each output asks for its shape, so that a wrong one costs no more than that test.
    """

    test: str
    case: Case
    key: str
    student: Reply
    expected: Reply
    view_name: str = ""
    view: View | None = None
    tolerance: float = TOLERANCE
    clear: float = CLEAR
    derived: tuple[str, ...] = ()
    exact_shape: bool = True

    @property
    def family(self) -> str:
        """Return the key without its counters: `weight_0_3` and `weight_2_1` are of one family."""
        return family_of(self.key)

    @property
    def is_derived(self) -> bool:
        """Tell whether the probe, and not the student's code, hands this output over."""
        return self.derives(self.key)

    @property
    def is_given(self) -> bool:
        """Tell whether the student's reply holds an array here."""
        return self.key in self.student.arrays

    def derives(self, key: str) -> bool:
        """Tell whether the probe makes the output `key` itself."""
        return family_of(key) in self.derived

    def array_in(self, reply: Reply) -> Array:
        """Return the whole array of `reply`, in the expected shape where its own does not matter."""
        array = reply.arrays[self.key]
        expected = self.expected.arrays.get(self.key)
        if self.exact_shape or expected is None or not is_regrouping(array.shape, expected.shape):
            return array
        return array.reshape(expected.shape)

    def seen_in(self, reply: Reply) -> Array | str:
        """Return the viewed array of `reply`, or in a word why there is none."""
        if self.key in reply.problems:
            return "problem"
        if self.key not in reply.arrays:
            return reply.ending.value
        array = self.array_in(reply)
        expected = self.expected.arrays.get(self.key)
        if self.view is None or expected is None:
            return array
        if array.shape != expected.shape and self.view is not present:
            return array
        try:
            return self.view(self.case, array)
        except Exception:  # noqa: BLE001  a view reads numbers that it was not written for
            return "problem"

    def same(self, one: Array | str, other: Array | str) -> bool:
        """Tell whether two things seen here are equal: arrays that agree, or failures of one kind."""
        if isinstance(one, str) or isinstance(other, str):
            return isinstance(one, str) and isinstance(other, str) and _kind(one) == _kind(other)
        return agree(one, other, tolerance=self.tolerance)

    def clearly_differs(self, theirs: Array | str) -> bool:
        """Tell whether `theirs` is far enough from the expected array to be no matter of rounding."""
        expected = self.seen_in(self.expected)
        if isinstance(expected, str) or theirs is expected:
            return False
        if isinstance(theirs, str):
            return True
        return not agree(expected, theirs, tolerance=self.clear * self.tolerance)


def family_of(key: str) -> str:
    """Return `key` without its counters.

    >>> family_of("weight_0_3")
    'weight'
    """
    return re.sub(r"(_\d+)+$", "", key)


def _kind(failure: str) -> str:
    # Two codes with one bug seldom raise the same exception, and one may return None where the other raises.
    return "raised" if failure == "problem" else failure
