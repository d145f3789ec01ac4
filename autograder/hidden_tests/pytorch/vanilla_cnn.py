"""VanillaCNN: sizes, scores and gradients, whatever its layers are called."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.pytorch.cases import TOLERANCE, cnn_case


class TestVanillaCNN(FactCase):
    """VanillaCNN, 10 points."""

    component = "vanilla_cnn"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @weight(3)
    @number("2.1")
    @tags("vanilla_cnn", "forward")
    def test_sizes(self) -> None:
        """VanillaCNN: a convolution of 32 filters and a linear layer, 58,826 parameters together."""
        case = cnn_case(21, batch=8, twins=True)
        self.assert_replies_match(case, keys=["parameters", "shapes"])
        self.assert_computed(case)

    @weight(4)
    @number("2.2")
    @tags("vanilla_cnn", "forward")
    def test_scores(self) -> None:
        """VanillaCNN: convolution, ReLU, pooling, linear; raw scores are returned."""
        self.assert_replies_match(cnn_case(22, batch=3), keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.3")
    @tags("vanilla_cnn", "forward")
    def test_one_image(self) -> None:
        """VanillaCNN: a batch of one image gives one row of scores; x is unchanged."""
        self.assert_replies_match(cnn_case(23, batch=1), keys=["out", "x_after"], tolerance=TOLERANCE)

    @weight(2)
    @number("2.4")
    @tags("vanilla_cnn", "backward")
    def test_gradients(self) -> None:
        """VanillaCNN: gradients reach both layers and the input."""
        case = cnn_case(24, backward=True)
        keys = ["dweight_1", "dbias_1", "dweight_0", "dbias_0", "dx"]
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
