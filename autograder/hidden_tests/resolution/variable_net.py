"""VariableNet: sizes, scores and gradients. Plain is global max pooling on images of 32 x 32 pixels."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import NOT_REACHED, FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import TOLERANCE, network_case

PLAIN = network_case(21, (6, 32, 32), width=81, twins=True)


class TestVariableNet(FactCase):
    """VariableNet, 10 points; 6 of them at the plain configuration."""

    component = "variable_net"
    derived: ClassVar = ("dweight", "dbias", "dx", "reached")

    @plain
    @weight(3)
    @number("2.1")
    @tags("variable_net", "forward")
    def test_sizes(self) -> None:
        """VariableNet: convolutions of 16, 32 and 81 filters and a linear layer, with all parameters."""
        self.assert_replies_match(PLAIN, keys=["parameters", "shapes"], exact_shape=True)
        self.assert_computed(PLAIN)

    @plain
    @weight(3)
    @number("2.2")
    @tags("variable_net", "forward")
    def test_scores(self) -> None:
        """VariableNet: raw scores of the maximum of every filter, by default."""
        cases = [PLAIN, network_case(22, (3, 32, 32), width=81, pooling="max")]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.3")
    @tags("variable_net", "forward")
    def test_mean(self) -> None:
        """VariableNet: with pooling "mean", the mean of every filter over rows and columns."""
        case = network_case(23, (3, 32, 32), width=81, pooling="mean")
        self.assert_replies_match(case, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.4")
    @tags("variable_net", "forward")
    def test_sides(self) -> None:
        """VariableNet: images of 8, 48 and 64 pixels, and images that are not square."""
        shapes = (3, 8, 8), (2, 48, 48), (2, 64, 64), (2, 24, 40), (2, 35, 17)
        cases = [network_case(240 + at, shape, width=81) for at, shape in enumerate(shapes)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(0.5)
    @number("2.5")
    @tags("variable_net", "forward")
    def test_width(self) -> None:
        """VariableNet: other widths, and other numbers of classes."""
        cases = [network_case(250 + width, (2, 32, 32), width=width) for width in (7, 20, 120)]
        cases += [network_case(260 + count, (2, 32, 32), width=81, classes=count) for count in (4, 3, 12)]
        self.assert_replies_match(*cases, keys=["parameters", "out"], tolerance=TOLERANCE)

    @weight(1)
    @number("2.6")
    @tags("variable_net", "forward")
    def test_one_image(self) -> None:
        """VariableNet: one image gives one row of scores, in eval mode, too; x is unchanged."""
        case = network_case(27, (1, 32, 32), width=81)
        with self.subTest():
            self.assert_replies_match(case, keys=["out", "x_after"], tolerance=TOLERANCE, exact_shape=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["eval_out"], tolerance=TOLERANCE, exact_shape=True)

    @weight(0.5)
    @number("2.7")
    @tags("variable_net", "backward")
    def test_gradients(self) -> None:
        """VariableNet: gradients reach all layers and the input."""
        case = network_case(28, (3, 32, 32), width=81, backward=True)
        with self.subTest():
            self.assert_fact(case, key="reached", message=NOT_REACHED)
        with self.subTest():
            keys = ["dbias_3", "dweight_3", "dweight_2", "dweight_0", "dx"]
            self.assert_replies_match(case, keys=keys, tolerance=TOLERANCE)
