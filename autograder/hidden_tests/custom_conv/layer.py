"""CustomConv2d: its parameters, what it computes, and that a network learns with it as with nn.Conv2d."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.custom_conv.cases import Shape, layer_case, training_case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain

PLAIN = Shape((2, 3, 7, 7), 4, 3)
STRIDES = Shape((2, 3, 7, 7), 4, 3, stride=2)
PADDED = Shape((2, 3, 6, 6), 4, 3, padding=1)
DILATED = Shape((2, 9, 8, 8), 3, 3, dilation=2)
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
    """CustomConv2d, 8 points; 4 of them at the plain configuration, which are the constructor's settings."""

    component = "conv_layer"

    @weight(1)
    @number("4.1")
    @tags("conv_layer", "forward")
    def test_parameters(self) -> None:
        """CustomConv2d: weight and bias as nn.Conv2d has them, or with bias=False weight alone."""
        cases = [layer_case(401, PLAIN), layer_case(402, PLAIN, bias=False)]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="names",
                message="The state_dict should have the keys weight and bias, and weight alone with "
                "bias=False.",
            )
        with self.subTest():
            self.assert_replies_match(*cases, keys=["shape"], views={"shape": as_fact})
        with self.subTest():
            self.assert_replies_match(cases[1], keys=["out", "dweight"], tolerance=1e-4)

    @weight(0.5)
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

    @plain
    @weight(4)
    @number("4.3")
    @tags("conv_layer", "forward")
    def test_outputs(self) -> None:
        """CustomConv2d: the convolution with weight and bias, and gradients come back."""
        self._assert_outputs(layer_case(401, PLAIN), exact_shape=True)

    @weight(0.5)
    @number("4.4")
    @tags("conv_layer", "forward")
    def test_stride(self) -> None:
        """CustomConv2d: the stride reaches the convolution."""
        self._assert_outputs(layer_case(404, STRIDES))

    @weight(0.5)
    @number("4.5")
    @tags("conv_layer", "forward")
    def test_padding(self) -> None:
        """CustomConv2d: the padding reaches the convolution."""
        self._assert_outputs(layer_case(405, PADDED))

    @weight(0.5)
    @number("4.6")
    @tags("conv_layer", "forward")
    def test_dilation(self) -> None:
        """CustomConv2d: the dilation reaches the convolution."""
        self._assert_outputs(layer_case(406, DILATED))

    @weight(1)
    @number("4.7")
    @tags("conv_layer", "update")
    def test_training(self) -> None:
        """SimpleNet(conv_op=CustomConv2d): twenty training steps give the same losses as nn.Conv2d."""
        case = training_case(407, steps=20)
        self.assert_replies_match(case, keys=["losses"], tolerance=LEARNED, clear=3, exact_shape=True)

    def _assert_outputs(self, case: Case, *, exact_shape: bool = False) -> None:
        keys = ["out", "dweight", "dbias"]
        self.assert_replies_match(case, keys=keys, tolerance=1e-4, exact_shape=exact_shape)
