"""Conv2D: shapes, strides, paddings and windows of every kind, forwards and backwards."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase, shape_of
from autograder.hidden_tests.convnet.cases import conv_case


class TestConv2D(HiddenTestCase):
    """Conv2D, 30 points: 14 forward, 16 backward."""

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

    @weight(3)
    @number("1.1")
    @tags("conv2d", "forward")
    def test_forward_non_square(self) -> None:
        """Conv2D.forward: 3x3 filters, stride 1, padding 1, on images that are not square."""
        self.assert_replies_match(conv_case(11, padding=1), keys=["out"])

    @weight(3)
    @number("1.2")
    @tags("conv2d", "forward")
    def test_forward_stride(self) -> None:
        """Conv2D.forward: stride 2 and stride 3."""
        cases = [
            conv_case(12, size=(7, 9), stride=2, padding=1),
            conv_case(13, size=(10, 7), kernel=4, stride=3),
        ]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(2)
    @number("1.3")
    @tags("conv2d", "forward")
    def test_forward_padding(self) -> None:
        """Conv2D.forward: padding 0 and padding 2."""
        cases = [conv_case(14, size=(5, 4)), conv_case(15, size=(4, 3), padding=2)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(2)
    @number("1.4")
    @tags("conv2d", "forward")
    def test_forward_kernel_sizes(self) -> None:
        """Conv2D.forward: filters of 1x1, 2x2 and 5x5 pixels."""
        cases = [
            conv_case(16, kernel=1, size=(3, 4)),
            conv_case(17, kernel=2, size=(4, 5), padding=1),
            conv_case(18, kernel=5, size=(6, 5), padding=2, filters=2),
        ]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(2)
    @number("1.5")
    @tags("conv2d", "forward")
    def test_forward_rest_and_gaps(self) -> None:
        """Conv2D.forward: leftover rows or columns, and gaps between windows (stride > kernel)."""
        cases = [
            conv_case(19, size=(6, 8), stride=2),
            conv_case(20, size=(7, 9), kernel=2, stride=3),
        ]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("1.6")
    @tags("conv2d", "forward")
    def test_forward_one_image(self) -> None:
        """Conv2D.forward: one image, one channel, one filter."""
        case = conv_case(21, batch=1, channels=1, filters=1, size=(4, 5))
        self.assert_replies_match(case, keys=["out"])

    @weight(1)
    @number("1.7")
    @tags("conv2d", "forward")
    def test_forward_changes_nothing(self) -> None:
        """Conv2D.forward does not change x, weight or bias, and a second call is right."""
        case = conv_case(22, padding=1, repeats=1)
        self.assert_replies_match(case, keys=["out", "x_after", "weight_after", "bias_after"])

    @weight(3)
    @number("1.8")
    @tags("conv2d", "backward")
    def test_dx(self) -> None:
        """Conv2D.backward: dx at stride 1, padding 1, on images that are not square."""
        self.assert_replies_match(conv_case(31, padding=1, backward=True), keys=["dx"])

    @weight(2)
    @number("1.9")
    @tags("conv2d", "backward")
    def test_dx_padding(self) -> None:
        """Conv2D.backward: dx has the shape of x at padding 0 and at padding 2."""
        cases = [
            conv_case(32, size=(5, 4), backward=True),
            conv_case(33, size=(4, 3), padding=2, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(3)
    @number("1.10")
    @tags("conv2d", "backward")
    def test_dx_stride(self) -> None:
        """Conv2D.backward: dx at stride 2 and 3, with overlapping windows, leftover rows, or gaps."""
        cases = [
            conv_case(34, size=(6, 8), stride=2, padding=1, backward=True),
            conv_case(35, size=(7, 9), kernel=2, stride=3, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(3)
    @number("1.11")
    @tags("conv2d", "backward")
    def test_dw(self) -> None:
        """Conv2D.backward: dw at strides 1 and 2, paddings 0, 1 and 2, an even and an odd kernel."""
        cases = [
            conv_case(31, padding=1, backward=True),
            conv_case(34, size=(6, 8), stride=2, padding=1, backward=True),
            conv_case(36, size=(5, 6), kernel=2, padding=0, backward=True),
            conv_case(33, size=(4, 3), padding=2, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dw"])

    @weight(2)
    @number("1.12")
    @tags("conv2d", "backward")
    def test_db(self) -> None:
        """Conv2D.backward: db."""
        cases = [
            conv_case(31, padding=1, backward=True),
            conv_case(35, size=(7, 9), kernel=2, stride=3, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["db"])

    @weight(2)
    @number("1.13")
    @tags("conv2d", "backward")
    def test_backward_again(self) -> None:
        """Conv2D.backward: the gradients of a third call are right; nothing accumulates over calls."""
        case = conv_case(37, size=(4, 5), padding=1, backward=True, repeats=2)
        self.assert_replies_match(case, keys=["dx", "dw", "db"])

    @weight(1)
    @number("1.14")
    @tags("conv2d", "backward")
    def test_backward_changes_nothing(self) -> None:
        """Conv2D.backward does not change x, weight, bias or dout."""
        cases = [conv_case(38, size=(4, 5), padding=1, backward=True), conv_case(39, backward=True)]
        self.assert_replies_match(
            *cases, keys=["dx", "x_after", "weight_after", "bias_after", "dout_after"], views={"dx": shape_of}
        )
