"""TwoLayerNet: sizes, scores and gradients, whatever its layers are called.

Plain is TwoLayerNet(3072, 256, 10) on CIFAR-10's images, as the course trains it.
"""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import TOLERANCE, twolayer_case

PLAIN = twolayer_case(11, (8, 3, 32, 32), twins=True)


class TestTwoLayerNet(FactCase):
    """TwoLayerNet, 10 points; 5 of them at the plain configuration."""

    component = "twolayer"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @plain
    @weight(2)
    @number("1.1")
    @tags("twolayer", "forward")
    def test_sizes(self) -> None:
        """TwoLayerNet(3072, 256, 10): two linear layers with 789,258 parameters together."""
        self.assert_replies_match(PLAIN, keys=["parameters", "shapes"], exact_shape=True)
        self.assert_computed(PLAIN)

    @plain
    @weight(3)
    @number("1.2")
    @tags("twolayer", "forward")
    def test_scores(self) -> None:
        """TwoLayerNet(3072, 256, 10): linear, sigmoid, linear; raw scores are returned."""
        self.assert_replies_match(PLAIN, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("1.3")
    @tags("twolayer", "forward")
    def test_other_sizes(self) -> None:
        """TwoLayerNet: the layers have the given sizes, and there are no other trainable parameters."""
        cases = [
            twolayer_case(12, (8, 3, 2, 2), hidden=5, classes=4, twins=True),
            twolayer_case(13, (2, 2, 3, 5), hidden=7, classes=10),
            twolayer_case(14, (1, 3, 4, 3), hidden=40, classes=3),
        ]
        self.assert_replies_match(*cases, keys=["parameters", "shapes"])
        self.assert_computed(cases[0])

    @weight(1)
    @number("1.4")
    @tags("twolayer", "forward")
    def test_order(self) -> None:
        """TwoLayerNet: images are flattened in the order (channel, row, column)."""
        self.assert_replies_match(
            twolayer_case(15, (3, 3, 2, 4), even=False), keys=["out"], tolerance=TOLERANCE
        )

    @weight(1)
    @number("1.5")
    @tags("twolayer", "forward")
    def test_one_image(self) -> None:
        """TwoLayerNet: a batch of one image gives one row of scores, in eval mode, too; x is unchanged."""
        case = twolayer_case(17, (1, 3, 32, 32), hidden=8)
        with self.subTest():
            self.assert_replies_match(case, keys=["out", "x_after"], tolerance=TOLERANCE, exact_shape=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["eval_out"], tolerance=TOLERANCE, exact_shape=True)

    @weight(2)
    @number("1.6")
    @tags("twolayer", "backward")
    def test_gradients(self) -> None:
        """TwoLayerNet: gradients reach both layers and the input."""
        case = twolayer_case(18, (3, 3, 32, 32), hidden=6, backward=True)
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            keys = ["dweight_1", "dbias_1", "dbias_0", "dx"]
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
