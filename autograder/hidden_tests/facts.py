"""Facts: yes or no about a model, a loss or a step, such as "eval mode gives the same scores twice"."""

from __future__ import annotations

import numpy as np

from autograder.core.model import Array, Case
from autograder.hidden_tests.case import HiddenTestCase

NOT_REACHED = "The gradient does not reach both layers and the input: is the graph cut between them?"


class FactCase(HiddenTestCase):
    """Base of hidden tests some of which ask for facts instead of numbers."""

    def assert_fact(self, *cases: Case, key: str, message: str) -> None:
        """Fail with `message` unless the student's flag under `key` is the reference's in all `cases`.

        Raises: AssertionError (NoAnswer where there is nothing to compare).
        """
        flags = [self.answer(case, key, view=as_fact) for case in cases]
        right = [self.examiner.expected(case).arrays[key] for case in cases]
        self.assertTrue(all(map(np.array_equal, flags, right)), message)


def as_fact(case: Case, flag: Array) -> Array:
    """Return `flag` among numbers that are always there.

    The diagnosis names a bug only where several different numbers agree, for a single one may do so by
    accident. A fact is no accident, and the hints of the bugs that show as facts say no more than it does.

    >>> as_fact(Case("pytorch.my_model"), np.array(0)).tolist()
    [0.0, 2.0, 3.0, 4.0, 5.0]
    """
    return np.append(np.asarray(flag, dtype=np.float64).reshape(-1), [2.0, 3.0, 4.0, 5.0])
