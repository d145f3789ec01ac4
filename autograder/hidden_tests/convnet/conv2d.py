"""Conv2D: the plain configuration, and each stride, padding, size and kernel by itself.

Plain is a square image, filters of 3 x 3, stride 1 and no padding, which are the constructor's own.
"""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.observation import present
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import conv_case
from autograder.hidden_tests.plain import plain

TRAINED = conv_case(48, size=(5, 5), backward=True, repeats=1, in_training=True)


class TestConv2D(HiddenTestCase):
    """Conv2D, 30 points: 14 forward, 16 backward; 15 of them at the plain configuration."""

    component = "conv2d"
    axes: ClassVar = {
        "x": ("image", "channel"),
        "dx": ("image", "channel"),
        "out": ("image", "filter"),
        "dout": ("image", "filter"),
        "weight": ("filter", "channel"),
        "dw": ("filter", "channel"),
        "db": ("filter",),
        "bias": ("filter",),
    }

    @plain
    @weight(7)
    @number("1.1")
    @tags("conv2d", "forward")
    def test_forward(self) -> None:
        """Conv2D.forward: 3x3 filters, stride 1, no padding, on square images."""
        self.assert_replies_match(conv_case(11), keys=["out"], exact_shape=True)

    @weight(1)
    @number("1.2")
    @tags("conv2d", "forward")
    def test_forward_not_square(self) -> None:
        """Conv2D.forward: images that are wider than high, or higher than wide."""
        self.assert_replies_match(conv_case(13, size=(5, 7)), conv_case(14, size=(8, 5)), keys=["out"])

    @weight(1)
    @number("1.3")
    @tags("conv2d", "forward")
    def test_forward_padding(self) -> None:
        """Conv2D.forward: padding 2."""
        self.assert_replies_match(conv_case(16, size=(5, 5), padding=2), keys=["out"])

    @weight(1)
    @number("1.4")
    @tags("conv2d", "forward")
    def test_forward_stride(self) -> None:
        """Conv2D.forward: stride 2."""
        self.assert_replies_match(conv_case(17, stride=2), keys=["out"])

    @weight(1)
    @number("1.5")
    @tags("conv2d", "forward")
    def test_forward_leftovers_and_gaps(self) -> None:
        """Conv2D.forward: leftover rows and columns, and gaps between windows (stride > kernel)."""
        self.assert_replies_match(conv_case(19, size=(8, 8), stride=4), keys=["out"])

    @weight(1)
    @number("1.6")
    @tags("conv2d", "forward")
    def test_forward_kernel_sizes(self) -> None:
        """Conv2D.forward: filters of 2 and 5 pixels a side."""
        cases = [conv_case(22, kernel=2, size=(4, 4)), conv_case(23, kernel=5)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("1.7")
    @tags("conv2d", "forward")
    def test_forward_one_image(self) -> None:
        """Conv2D.forward: one image, one channel, one filter."""
        case = conv_case(24, batch=1, channels=1, filters=1, size=(5, 5))
        self.assert_replies_match(case, keys=["out"])

    @weight(1)
    @number("1.8")
    @tags("conv2d", "forward")
    def test_forward_again(self) -> None:
        """Conv2D.forward does not change x, weight, bias or its earlier output; a second call is right."""
        case = conv_case(27, repeats=1, apart=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["out"])
        with self.subTest():
            keys = ["x_after", "weight_after", "bias_after", "out_before"]
            self.assert_replies_match(case, keys=keys, exact_shape=True)
        with self.subTest():
            case = conv_case(49, size=(5, 5), repeats=1, in_training=True)
            self.assert_replies_match(case, keys=["out"])

    @plain
    @weight(3)
    @number("1.9")
    @tags("conv2d", "backward")
    def test_dx(self) -> None:
        """Conv2D.backward: dx at stride 1, without padding, on square images."""
        self.assert_replies_match(conv_case(31, backward=True), keys=["dx"], exact_shape=True)

    @plain
    @weight(3)
    @number("1.10")
    @tags("conv2d", "backward")
    def test_dw(self) -> None:
        """Conv2D.backward: dw at stride 1, without padding, on square images."""
        self.assert_replies_match(conv_case(31, backward=True), keys=["dw"], exact_shape=True)

    @plain
    @weight(2)
    @number("1.11")
    @tags("conv2d", "backward")
    def test_db(self) -> None:
        """Conv2D.backward: db at stride 1, without padding, on square images."""
        self.assert_replies_match(conv_case(31, backward=True), keys=["db"], exact_shape=True)

    @weight(1)
    @number("1.12")
    @tags("conv2d", "backward")
    def test_backward_not_square(self) -> None:
        """Conv2D.backward: dx and dw of images that are wider than high, or higher than wide."""
        cases = [conv_case(32, size=(4, 6), backward=True), conv_case(33, size=(7, 4), backward=True)]
        self.assert_replies_match(*cases, keys=["dx", "dw"])

    @weight(1)
    @number("1.13")
    @tags("conv2d", "backward")
    def test_backward_padding(self) -> None:
        """Conv2D.backward: dx, in the size of x, and dw at padding 1 and at padding 2."""
        cases = [
            conv_case(34, size=(5, 5), padding=1, backward=True),
            conv_case(35, size=(4, 4), padding=2, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx", "dw"])

    @weight(1)
    @number("1.14")
    @tags("conv2d", "backward")
    def test_backward_stride(self) -> None:
        """Conv2D.backward: dx and dw at stride 2."""
        self.assert_replies_match(conv_case(36, stride=2, backward=True), keys=["dx", "dw"])

    @weight(1)
    @number("1.15")
    @tags("conv2d", "backward")
    def test_backward_leftovers_and_gaps(self) -> None:
        """Conv2D.backward: dx, in the size of x, and dw with leftover rows and columns, and with gaps."""
        case = conv_case(38, size=(8, 8), stride=4, backward=True)
        self.assert_replies_match(case, keys=["dx", "dw"])

    @weight(1)
    @number("1.16")
    @tags("conv2d", "backward")
    def test_backward_kernel_sizes(self) -> None:
        """Conv2D.backward: dx and dw of filters of 1 and 4 pixels a side."""
        cases = [conv_case(39 + kernel, kernel=kernel, size=(5, 5), backward=True) for kernel in (1, 4)]
        self.assert_replies_match(*cases, keys=["dx", "dw"])

    @weight(1)
    @number("1.17")
    @tags("conv2d", "backward")
    def test_everything_at_once(self) -> None:
        """Conv2D: stride, padding, leftover rows, even filters, not square, another memory layout of x."""
        cases = [
            conv_case(44, size=(6, 9), kernel=2, stride=3, padding=1, backward=True),
            conv_case(45, size=(9, 6), kernel=4, stride=2, padding=2, filters=2, backward=True),
            conv_case(47, size=(6, 5), backward=True, channels_last=True),
        ]
        self.assert_replies_match(*cases, keys=["out", "dx", "dw", "db"])

    @weight(1)
    @number("1.18")
    @tags("conv2d", "backward")
    def test_backward_again(self) -> None:
        """Conv2D.backward: a third call is right; nothing accumulates, and two layers share nothing."""
        case = conv_case(46, size=(5, 5), backward=True, repeats=2, apart=True)
        self.assert_replies_match(case, TRAINED, keys=["dx", "dw", "db"])

    @weight(1)
    @number("1.19")
    @tags("conv2d", "backward")
    def test_backward_changes_nothing(self) -> None:
        """Conv2D.backward does not change x, weight, bias or dout."""
        cases = [conv_case(34, size=(5, 5), padding=1, backward=True), conv_case(31, backward=True)]
        keys = ["x_after", "weight_after", "bias_after", "dout_after"]
        self.assert_replies_match(*cases, keys=["dx", *keys], views={"dx": present}, exact_shape=True)
