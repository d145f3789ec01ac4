"""TwoLayerNet: sizes, scores and gradients, whatever its layers are called."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.pytorch.cases import TOLERANCE, twolayer_case


class TestTwoLayerNet(FactCase):
    """TwoLayerNet, 10 points: 5 of them on images of CIFAR-10's size, which a fixed size leaves right."""

    component = "twolayer"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @weight(2)
    @number("1.1")
    @tags("twolayer", "forward")
    def test_sizes(self) -> None:
        """TwoLayerNet: two linear layers of the given sizes, and no other trainable parameters."""
        cases = [
            twolayer_case(11, (8, 3, 2, 2), hidden=5, classes=4, twins=True),
            twolayer_case(12, (2, 2, 3, 5), hidden=7, classes=10),
            twolayer_case(13, (1, 3, 4, 3), hidden=40, classes=3),
        ]
        self.assert_replies_match(*cases, keys=["parameters", "shapes"])
        self.assert_computed(cases[0])

    @weight(4)
    @number("1.2")
    @tags("twolayer", "forward")
    def test_images(self) -> None:
        """TwoLayerNet on CIFAR-10's images: linear, sigmoid, linear; 789,258 parameters, raw scores."""
        with self.subTest():
            case = twolayer_case(16, (2, 3, 32, 32), hidden=256, classes=10)
            self.assert_replies_match(case, keys=["parameters", "out"], tolerance=TOLERANCE)
        with self.subTest():
            case = twolayer_case(19, (5, 3, 32, 32), hidden=6, classes=10)
            self.assert_replies_match(case, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("1.3")
    @tags("twolayer", "forward")
    def test_scores(self) -> None:
        """TwoLayerNet: images, hidden layers and classes of other sizes."""
        cases = [
            twolayer_case(14, (3, 3, 2, 2)),
            twolayer_case(15, (5, 1, 3, 2), hidden=8, classes=10),
        ]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("1.4")
    @tags("twolayer", "forward")
    def test_one_image(self) -> None:
        """TwoLayerNet: a batch of one image gives one row of scores; x is unchanged."""
        case = twolayer_case(17, (1, 3, 32, 32), hidden=6, classes=10)
        self.assert_replies_match(case, keys=["out", "x_after"], tolerance=TOLERANCE)

    @weight(2)
    @number("1.5")
    @tags("twolayer", "backward")
    def test_gradients(self) -> None:
        """TwoLayerNet: gradients reach both layers and the input."""
        case = twolayer_case(18, (3, 2, 2, 3), backward=True)
        keys = ["dweight_1", "dbias_1", "dweight_0", "dbias_0", "dx"]
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
