"""FixedNet: sizes, scores and gradients, whatever its layers are called. Plain are ten classes."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import TOLERANCE, network_case

PLAIN = network_case(11, (6, 28, 28), twins=True)


class TestFixedNet(FactCase):
    """FixedNet, 8 points; 5 of them at the plain configuration."""

    component = "fixed_net"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @plain
    @weight(2)
    @number("1.1")
    @tags("fixed_net", "forward")
    def test_sizes(self) -> None:
        """FixedNet: convolutions of 16, 32 and 64 filters and a linear layer, with all parameters."""
        self.assert_replies_match(PLAIN, keys=["parameters", "shapes"], exact_shape=True)
        self.assert_computed(PLAIN)

    @plain
    @weight(3)
    @number("1.2")
    @tags("fixed_net", "forward")
    def test_scores(self) -> None:
        """FixedNet: three times convolution, ReLU and pooling, then linear; raw scores are returned."""
        self.assert_replies_match(PLAIN, network_case(12, (3, 28, 28)), keys=["out"], tolerance=TOLERANCE)

    @weight(0.5)
    @number("1.3")
    @tags("fixed_net", "forward")
    def test_order(self) -> None:
        """FixedNet: features are flattened in the order (filter, row, column)."""
        self.assert_replies_match(
            network_case(13, (3, 28, 28), even=False), keys=["out"], tolerance=TOLERANCE
        )

    @weight(1)
    @number("1.4")
    @tags("fixed_net", "forward")
    def test_one_image(self) -> None:
        """FixedNet: one image gives one row of scores, in eval mode, too; x is unchanged."""
        case = network_case(14, (1, 28, 28))
        with self.subTest():
            self.assert_replies_match(case, keys=["out", "x_after"], tolerance=TOLERANCE, exact_shape=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["eval_out"], tolerance=TOLERANCE, exact_shape=True)

    @weight(0.5)
    @number("1.5")
    @tags("fixed_net", "forward")
    def test_classes(self) -> None:
        """FixedNet: other numbers of classes."""
        cases = [network_case(150 + classes, (2, 28, 28), classes=classes) for classes in (7, 3, 12)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("1.6")
    @tags("fixed_net", "backward")
    def test_gradients(self) -> None:
        """FixedNet: gradients reach all layers and the input."""
        case = network_case(16, (3, 28, 28), backward=True)
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            keys = ["dbias_3", "dweight_2", "dweight_0", "dbias_0", "dx"]
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
