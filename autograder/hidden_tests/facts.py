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

    def assert_computed(self, case: Case, *, key: str = "out") -> None:
        """Fail unless the scores follow the images of `case`, of which some are the same (`twins`).

        Sizes and yes-or-no facts could be memorised; which images are the same cannot.
        Raises: AssertionError (NoAnswer where there is nothing to compare).
        """
        case = self.examiner.drawn(case)
        follows = follows_images(case, self.answer(case, key, view=follows_images))[0]
        self.assertTrue(follows, "The scores do not follow the images: the model must compute them from x.")


def as_fact(case: Case, flag: Array) -> Array:
    """Return `flag` among numbers that are always there.

    The diagnosis names a bug only where several different numbers agree, for a single one may do so by
    accident. A fact is no accident, and the hints of the bugs that show as facts say no more than it does.

    >>> as_fact(Case("pytorch.my_model"), np.array(0)).tolist()
    [0.0, 2.0, 3.0, 4.0, 5.0]
    """
    return np.append(np.asarray(flag, dtype=np.float64).reshape(-1), [2.0, 3.0, 4.0, 5.0])


def follows_images(case: Case, found: Array) -> Array:
    """Return, as a fact, whether equal images got scores much closer than different ones did.

    Args: found  scores (N, classes), or their distances (N, N) with a diagonal of 0.
    """
    images = case.arrays["x"].reshape(len(case.arrays["x"]), -1)
    same = (images[:, None] == images[None]).all(axis=2)
    values = np.nan_to_num(np.asarray(found, dtype=np.float64))
    if values.ndim != 2 or len(values) != len(images):
        return as_fact(case, np.array(False))
    is_distance = values.shape == same.shape and not np.diag(values).any()
    apart = values if is_distance else np.abs(values[:, None] - values[None]).max(axis=2)
    within = apart[same & ~np.eye(len(images), dtype=bool)].mean()
    return as_fact(case, np.array(0 <= within < 0.5 * apart[~same].mean()))
