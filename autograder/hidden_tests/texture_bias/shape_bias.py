"""shape_bias: decisions for the shape among the decisions for one of the two cues."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.texture_bias.cases import bias_case


class TestShapeBias(FactCase):
    """shape_bias, 10 points; 5 of them for conflict images alone, which is plain."""

    component = "shape_bias"
    derived = ("bias",)

    @plain
    @weight(5)
    @number("2.1")
    @tags("shape_bias", "value")
    def test_conflicts(self) -> None:
        """shape_bias of four networks on conflict images; some predictions are for a third class."""
        self.assert_replies_match(bias_case(21, 60), bias_case(22, 35), keys=["bias"])

    @weight(2)
    @number("2.2")
    @tags("shape_bias", "value")
    def test_matches(self) -> None:
        """shape_bias: an image whose shape and texture are of one class is not counted."""
        self.assert_replies_match(bias_case(23, 60, matches=0.4, third=0.1), keys=["bias"])

    @weight(1)
    @number("2.3")
    @tags("shape_bias", "value")
    def test_one_cue(self) -> None:
        """shape_bias: 1 where all decisions are for the shape, 0 where all are for the texture."""
        cases = [bias_case(24, 20, only="shapes"), bias_case(25, 20, only="textures")]
        self.assert_replies_match(*cases, keys=["bias"])

    @weight(1)
    @number("2.4")
    @tags("shape_bias", "value")
    def test_sizes(self) -> None:
        """shape_bias of a single image, and of 16 classes; the tensors stay as they are."""
        self.assert_replies_match(bias_case(26, 1, rows=8), bias_case(27, 90, classes=16), keys=["bias"])
        self.assert_fact(
            bias_case(29, 30, matches=0.4),
            key="untouched",
            message="The predictions or labels that came in are changed.",
        )

    @weight(1)
    @number("2.5")
    @tags("shape_bias", "value")
    def test_undefined(self) -> None:
        """shape_bias raises ValueError where no prediction is for one of the two cues (here: -1)."""
        case = bias_case(28, 12, only="neither")
        self.assert_replies_match(case, keys=["bias"], views={"bias": as_fact})
