"""VanillaCNN: sizes, scores and gradients, whatever its layers are called. Plain is the scores of a batch."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import TOLERANCE, cnn_case

PLAIN = cnn_case(21, batch=8, twins=True)


class TestVanillaCNN(FactCase):
    """VanillaCNN, 10 points; 6 of them at the plain configuration."""

    component = "vanilla_cnn"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @plain
    @weight(3)
    @number("2.1")
    @tags("vanilla_cnn", "forward")
    def test_sizes(self) -> None:
        """VanillaCNN: a convolution of 32 filters and a linear layer, 58,826 parameters together."""
        self.assert_replies_match(PLAIN, keys=["parameters", "shapes"], exact_shape=True)
        self.assert_computed(PLAIN)

    @plain
    @weight(3)
    @number("2.2")
    @tags("vanilla_cnn", "forward")
    def test_scores(self) -> None:
        """VanillaCNN: convolution, ReLU, pooling, linear; raw scores are returned."""
        self.assert_replies_match(PLAIN, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.3")
    @tags("vanilla_cnn", "forward")
    def test_order(self) -> None:
        """VanillaCNN: features are flattened in the order (filter, row, column)."""
        self.assert_replies_match(cnn_case(22, even=False), keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.4")
    @tags("vanilla_cnn", "forward")
    def test_one_image(self) -> None:
        """VanillaCNN: a batch of one image gives one row of scores, in eval mode, too; x is unchanged."""
        case = cnn_case(23, batch=1)
        with self.subTest():
            self.assert_replies_match(case, keys=["out", "x_after"], tolerance=TOLERANCE, exact_shape=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["eval_out"], tolerance=TOLERANCE, exact_shape=True)

    @weight(2)
    @number("2.5")
    @tags("vanilla_cnn", "backward")
    def test_gradients(self) -> None:
        """VanillaCNN: gradients reach both layers and the input."""
        case = cnn_case(24, backward=True)
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            keys = ["dbias_1", "dweight_0", "dbias_0", "dx"]
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
