"""reweight: class weights over many counts and betas. Plain is the default beta, for many samples a class."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import reweight_case

# Near 1, float32 leaves little more than three digits of 1 - beta; to count in it is no mistake.
NEAR_ONE = 5e-4
CLEAR = 4.0
HANDOUT = (645, 387, 232, 139)
LONG_TAIL = (5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50)


class TestReweight(FactCase):
    """reweight, 8 points; 4 of them at the plain configuration."""

    component = "reweight"
    derived: ClassVar = ("is_tensor",)

    @plain
    @weight(2)
    @number("4.1")
    @tags("reweight", "forward")
    def test_handout(self) -> None:
        """reweight: the four classes of the handout, with the default beta."""
        case = reweight_case(HANDOUT)
        self.assert_replies_match(case, keys=["weights"], tolerance=NEAR_ONE, clear=CLEAR, exact_shape=True)

    @plain
    @weight(2)
    @number("4.2")
    @tags("reweight", "forward")
    def test_long_tail(self) -> None:
        """reweight: the ten classes of imbalanced CIFAR-10, with the default beta."""
        case = reweight_case(LONG_TAIL)
        self.assert_replies_match(case, keys=["weights"], tolerance=NEAR_ONE, clear=CLEAR)

    @weight(2)
    @number("4.3")
    @tags("reweight", "forward")
    def test_small_betas(self) -> None:
        """reweight: beta 0.25, 0.5, 0.75 and 0.9 on counts from 1 to 30, in any order."""
        cases = [
            reweight_case((1, 4, 3, 5, 9), 0.5),
            reweight_case((3, 1, 7, 2), 0.25),
            reweight_case((2, 6, 3, 1, 12, 4), 0.75),
            reweight_case((12, 3, 30, 7, 1), 0.9),
        ]
        self.assert_replies_match(*cases, keys=["weights"], tolerance=1e-4)

    @weight(1)
    @number("4.4")
    @tags("reweight", "forward")
    def test_betas_near_one(self) -> None:
        """reweight: beta 0.999 and 0.9995."""
        cases = [reweight_case(LONG_TAIL, 0.999), reweight_case(LONG_TAIL, 0.9995)]
        self.assert_replies_match(*cases, keys=["weights"], tolerance=NEAR_ONE, clear=CLEAR)

    @weight(1)
    @number("4.5")
    @tags("reweight", "forward")
    def test_beta_zero(self) -> None:
        """reweight: beta = 0 makes all weights 1; the result is a tensor."""
        case = reweight_case((50, 8, 300, 21), 0.0)
        message = "reweight should return a torch tensor: the loss multiplies by it."
        with self.subTest():
            self.assert_replies_match(case, keys=["weights"], tolerance=1e-4)
        with self.subTest():
            self.assert_fact(case, key="is_tensor", message=message)
