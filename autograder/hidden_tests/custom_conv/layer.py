"""CustomConv2d: its parameters, what it computes, and that a network learns with it as with nn.Conv2d."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.custom_conv.cases import Shape, layer_case, training_case
from autograder.hidden_tests.facts import FactCase, as_fact

LAYER = Shape((2, 3, 7, 9), 4, 3, stride=2, padding=1)
DILATED = Shape((2, 9, 8, 6), 3, 3, padding=2, dilation=2)
LARGE = Shape((1, 16, 9, 9), 24, 5)  # 9600 weights: enough to know how they are spread
LEARNED = 1e-4  # of the losses, after twenty steps


def spread_like_conv2d(case: Case, spread: Array) -> Array:
    """Return how far weight and bias begin from uniform in [-1, 1] / sqrt(fan in): 0 where they do so.

    Of each, whether a number is larger, and the rounded logarithm of how many times too wide the spread is.
    """
    most, widths = spread[::2], np.maximum(spread[1::2] * 3**0.5, 2.0**-20)
    steps = np.round(np.log2(widths) * np.array([2, 1])[: len(widths)])  # of few draws less is certain
    return as_fact(case, np.append(most > 1.0001, steps))


class TestLayer(FactCase):
    """CustomConv2d, 8 points."""

    component = "conv_layer"

    @weight(1)
    @number("4.1")
    @tags("conv_layer", "forward")
    def test_parameters(self) -> None:
        """CustomConv2d: weight and bias, or weight alone, as nn.Conv2d has them."""
        cases = [layer_case(401, LAYER), layer_case(402, LAYER, bias=False)]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="names",
                message="The state_dict should have the keys weight and bias, and weight alone with "
                "bias=False.",
            )
        with self.subTest():
            self.assert_replies_match(*cases, keys=["shape"], views={"shape": as_fact})

    @weight(1)
    @number("4.2")
    @tags("conv_layer", "forward")
    def test_initialisation(self) -> None:
        """CustomConv2d: weight and bias are initialised uniformly in [-b, b], b = 1 / sqrt(C * K * K)."""
        case = layer_case(403, LARGE, set_parameters=False)
        spread = self.answer(case, "spread", view=spread_like_conv2d)
        right = self.examiner.expected(case).arrays["spread"]
        self.assertTrue(
            np.array_equal(spread_like_conv2d(case, spread), spread_like_conv2d(case, right)),
            "Weight and bias do not begin as those of nn.Conv2d: uniform between -b and b, with "
            "b = 1 / sqrt(C * K * K).",
        )

    @weight(4)
    @number("4.3")
    @tags("conv_layer", "forward")
    def test_outputs(self) -> None:
        """CustomConv2d: stride, padding, dilation and bias reach the convolution, and gradients come back."""
        cases = [layer_case(404, LAYER), layer_case(405, DILATED), layer_case(406, LAYER, bias=False)]
        self.assert_replies_match(*cases[:2], keys=["out", "dweight", "dbias"], tolerance=1e-4)
        self.assert_replies_match(cases[2], keys=["out", "dweight"], tolerance=1e-4)

    @weight(2)
    @number("4.4")
    @tags("conv_layer", "update")
    def test_training(self) -> None:
        """SimpleNet(conv_op=CustomConv2d): twenty training steps give the same losses as nn.Conv2d."""
        self.assert_replies_match(training_case(407, steps=20), keys=["losses"], tolerance=LEARNED, clear=3)
