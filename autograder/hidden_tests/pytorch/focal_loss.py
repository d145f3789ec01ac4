"""FocalLoss: values and gradients over gamma, weights and sizes where mean over N and weighted mean differ.

Plain is a loss without class weights on an ordinary batch, for any gamma.
Who divides by the sum of the samples' weights instead of N, as torch's own cross entropy does, keeps a share
of the points that depend on it: `weighted_mean` in assignment.toml, [parts.pytorch.partial].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, partial_credit, tags, weight

from autograder.core.compare import agree, is_regrouping
from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import TOLERANCE, focal_case

SetScore = Callable[[float], None]


def as_weighted_mean(case: Case, array: Array) -> Array:
    """Return what a mean over N becomes when it is divided by the sum of the samples' weights instead."""
    weights = case.arrays["weight"].astype(np.float64)[case.arrays["target"]]
    return np.asarray(array * (len(weights) / weights.sum()))


class TestFocalLoss(FactCase):
    """FocalLoss, 22 points: 15 for the value, 7 for the gradient; 12 of them without class weights."""

    component = "focal_loss"
    derived: ClassVar = ("dinput", "has_graph")

    @plain
    @weight(4)
    @number("5.1")
    @tags("focal_loss", "forward")
    def test_cross_entropy(self) -> None:
        """FocalLoss, gamma 0, all weights 1: cross entropy, the mean over the batch."""
        cases = [focal_case(51, (6, 4)), focal_case(52, (3, 10)), focal_case(53, (7, 2))]
        self.assert_replies_match(*cases, keys=["loss"], tolerance=TOLERANCE, exact_shape=True)

    @plain
    @weight(4)
    @number("5.2")
    @tags("focal_loss", "forward")
    def test_gamma(self) -> None:
        """FocalLoss, gamma 1, 2 and 3.5, all weights 1."""
        cases = [focal_case(56, (6, 4), gamma=1.0), focal_case(57, (4, 10), gamma=2.0)]
        cases.append(focal_case(58, (5, 3), gamma=3.5))
        self.assert_replies_match(*cases, keys=["loss"], tolerance=TOLERANCE)

    @partial_credit(3)
    @number("5.3")
    @tags("focal_loss", "forward")
    def test_weights(self, set_score: SetScore | None = None) -> None:
        """FocalLoss, gamma 0: every sample counts with its class's weight, and the sum is divided by N."""
        cases = [focal_case(seed, shape, weighted=True) for seed, shape in ((54, (6, 4)), (55, (5, 10)))]
        self._assert_mean_over_n(cases, ["loss"], 3, set_score)

    @partial_credit(2)
    @number("5.4")
    @tags("focal_loss", "forward")
    def test_weights_and_gamma(self, set_score: SetScore | None = None) -> None:
        """FocalLoss: weights and gamma together, on several classes and on one."""
        cases = [
            focal_case(59, (8, 4), gamma=1.0, weighted=True),
            focal_case(61, (4, 6), gamma=0.5, weighted=True, labels=[2, 2, 2, 2]),
        ]
        self._assert_mean_over_n(cases, ["loss"], 2, set_score)

    @weight(1)
    @number("5.5")
    @tags("focal_loss", "forward")
    def test_one_sample(self) -> None:
        """FocalLoss, all weights 1: a batch of one sample, and a batch of one class."""
        cases = [focal_case(60, (1, 5), gamma=2.0), focal_case(69, (4, 6), labels=[2, 2, 2, 2])]
        self.assert_replies_match(*cases, keys=["loss"], tolerance=TOLERANCE)

    @weight(1)
    @number("5.6")
    @tags("focal_loss", "forward")
    def test_shift(self) -> None:
        """FocalLoss: adding a constant to all scores changes nothing, and the scores are not modified."""
        cases = [focal_case(62, (4, 3), gamma=2.0, shift=12.0), focal_case(63, (3, 5), shift=-9.0)]
        self.assert_replies_match(*cases, keys=["loss", "input_after"], tolerance=10 * TOLERANCE)

    @plain
    @weight(4)
    @number("5.7")
    @tags("focal_loss", "backward")
    def test_gradient(self) -> None:
        """FocalLoss: the gradient for the scores, gamma 0, 1 and 2, all weights 1."""
        cases = [
            focal_case(64, (5, 4)),
            focal_case(65, (4, 3), gamma=1.0),
            focal_case(66, (3, 10), gamma=2.0),
        ]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="has_graph",
                message="The loss has no gradient: the graph is cut between the scores and the loss.",
            )
        with self.subTest():
            self.assert_replies_match(*cases, keys=["dinput"], tolerance=TOLERANCE)

    @partial_credit(3)
    @number("5.8")
    @tags("focal_loss", "backward")
    def test_gradient_with_weights(self, set_score: SetScore | None = None) -> None:
        """FocalLoss: the gradient for the scores with weights, gamma 0 and 2."""
        cases = [focal_case(67, (6, 4), weighted=True), focal_case(68, (5, 3), gamma=2.0, weighted=True)]
        self._assert_mean_over_n(cases, ["dinput"], 3, set_score)

    def _assert_mean_over_n(
        self, cases: Sequence[Case], keys: Sequence[str], points: float, set_score: SetScore | None
    ) -> None:
        """Compare as ever, but leave a share of `points` to who divides by the sum of the weights."""
        try:
            self.assert_replies_match(*cases, keys=keys, tolerance=TOLERANCE)
        except AssertionError as error:
            if set_score is None or not all(
                self._is_weighted_mean(case, key) for case in cases for key in keys
            ):
                raise
            set_score(points * self._share())
            raise AssertionError(
                f"{error}\nIt is right but for the division by the sum of the samples' weights instead of N, "
                f"and keeps {self._share():.0%} of the points."
            ) from error

    def _is_weighted_mean(self, case: Case, key: str) -> bool:
        case = self.examiner.drawn(case)
        got, expected = self.examiner.ask(case).arrays.get(key), self.examiner.expected(case).arrays[key]
        if got is None or not is_regrouping(got.shape, expected.shape):
            return False
        return agree(as_weighted_mean(case, expected), got.reshape(expected.shape), tolerance=TOLERANCE)

    def _share(self) -> float:
        """Return the share of the points that a weighted mean keeps, in [0, 1]; 0 where nothing is said."""
        partial = self.examiner.partial
        return float(partial.get("weighted_mean", 0.0))
