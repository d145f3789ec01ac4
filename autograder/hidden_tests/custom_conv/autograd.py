"""CustomConv2DFunction: its outputs and gradients; for what else it owes to torch see `autograd_duties`.

Plain are square images, 3 x 3 filters and stride 1, without padding and dilation.
"""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.custom_conv.cases import (
    ALONE,
    DILATED,
    KERNELS,
    LEFTOVERS,
    MANY,
    NOT_SQUARE,
    PADDED,
    PLAIN,
    STRIDES,
    TOLERANCE,
    WIDE,
    Shape,
    autograd_case,
)
from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain

GRADIENTS = ("dx", "dweight", "dbias")
AXES = {
    "out": ("image", "filter", "row", "column"), "dx": ("image", "channel", "row", "column"),
    "dweight": ("filter", "channel", "row", "column"), "dbias": ("filter",),
}  # fmt: skip


class TestFunction(FactCase):
    """CustomConv2DFunction, 21 points of 26: 10 forward, 11 backward; 13 of them are plain."""

    component = "conv_function"
    axes: ClassVar = AXES

    def _assert(self, shapes: tuple[Shape, ...], *keys: str, first: int, exact_shape: bool = False) -> None:
        cases = [autograd_case(first + at, shape) for at, shape in enumerate(shapes)]
        self.assert_replies_match(*cases, keys=keys, tolerance=TOLERANCE, exact_shape=exact_shape)

    @plain
    @weight(6)
    @number("3.1")
    @tags("conv_function", "forward")
    def test_forward(self) -> None:
        """CustomConv2DFunction.forward, 3 x 3, stride 1, padding 0; the images are unchanged."""
        self._assert(PLAIN, "out", "x_after", first=300, exact_shape=True)

    @weight(0.5)
    @number("3.2")
    @tags("conv_function", "forward")
    def test_forward_padding(self) -> None:
        """CustomConv2DFunction.forward: padding 1 and padding 2."""
        self._assert(PADDED, "out", first=310)

    @weight(0.5)
    @number("3.3")
    @tags("conv_function", "forward")
    def test_forward_strides(self) -> None:
        """CustomConv2DFunction.forward: stride 2 and 3, without and with leftover rows and columns."""
        self._assert((*STRIDES, *LEFTOVERS), "out", first=315)

    @weight(0.5)
    @number("3.4")
    @tags("conv_function", "forward")
    def test_forward_dilation(self) -> None:
        """CustomConv2DFunction.forward: dilation 2 and 3."""
        self._assert(DILATED, "out", first=320)

    @weight(0.5)
    @number("3.5")
    @tags("conv_function", "forward")
    def test_forward_kernels(self) -> None:
        """CustomConv2DFunction.forward: kernels of 1, 2 and 5 pixels, the last as large as the image."""
        self._assert(KERNELS, "out", first=325)

    @weight(0.5)
    @number("3.6")
    @tags("conv_function", "forward")
    def test_forward_not_square(self) -> None:
        """CustomConv2DFunction.forward: images that are wider than high, or higher than wide."""
        self._assert(NOT_SQUARE, "out", first=330)

    @weight(0.5)
    @number("3.7")
    @tags("conv_function", "forward")
    def test_forward_channels(self) -> None:
        """CustomConv2DFunction.forward: many channels; one image, one channel, one filter."""
        self._assert((*WIDE, *ALONE), "out", first=335)

    @weight(0.5)
    @number("3.8")
    @tags("conv_function", "forward")
    def test_forward_everything_at_once(self) -> None:
        """CustomConv2DFunction.forward: all settings, many channels and large kernels at once."""
        self._assert(MANY, "out", first=340)

    @weight(0.5)
    @number("3.9")
    @tags("conv_function", "forward")
    def test_forward_left_out(self) -> None:
        """CustomConv2DFunction.forward: no bias, and no settings."""
        cases = [autograd_case(350, PLAIN[1], bias=False), autograd_case(351, PLAIN[1], defaults=True)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @plain
    @weight(7)
    @number("3.10")
    @tags("conv_function", "backward")
    def test_backward(self) -> None:
        """CustomConv2DFunction.backward, 3 x 3, stride 1, padding 0: dx, dweight and dbias."""
        self._assert(PLAIN, *GRADIENTS, first=300, exact_shape=True)

    @weight(0.5)
    @number("3.11")
    @tags("conv_function", "backward")
    def test_backward_padding(self) -> None:
        """CustomConv2DFunction.backward: padding 1 and padding 2."""
        self._assert(PADDED, *GRADIENTS, first=310)

    @weight(0.5)
    @number("3.12")
    @tags("conv_function", "backward")
    def test_backward_strides(self) -> None:
        """CustomConv2DFunction.backward: stride 2 and 3, without and with leftover rows and columns."""
        self._assert((*STRIDES, *LEFTOVERS), *GRADIENTS, first=315)

    @weight(0.5)
    @number("3.13")
    @tags("conv_function", "backward")
    def test_backward_dilation(self) -> None:
        """CustomConv2DFunction.backward: dilation 2 and 3."""
        self._assert(DILATED, *GRADIENTS, first=320)

    @weight(0.5)
    @number("3.14")
    @tags("conv_function", "backward")
    def test_backward_kernels(self) -> None:
        """CustomConv2DFunction.backward: kernels of 1, 2 and 5 pixels, the last as large as the image."""
        self._assert(KERNELS, *GRADIENTS, first=325)

    @weight(0.5)
    @number("3.15")
    @tags("conv_function", "backward")
    def test_backward_not_square(self) -> None:
        """CustomConv2DFunction.backward: images that are wider than high, or higher than wide."""
        self._assert(NOT_SQUARE, *GRADIENTS, first=330)

    @weight(0.5)
    @number("3.16")
    @tags("conv_function", "backward")
    def test_backward_channels(self) -> None:
        """CustomConv2DFunction.backward: many channels; one image, one channel, one filter."""
        self._assert((*WIDE, *ALONE), *GRADIENTS, first=335)

    @weight(0.5)
    @number("3.17")
    @tags("conv_function", "backward")
    def test_backward_everything_at_once(self) -> None:
        """CustomConv2DFunction.backward: all settings, many channels and large kernels at once."""
        self._assert(MANY, *GRADIENTS, first=340)

    @weight(0.5)
    @number("3.18")
    @tags("conv_function", "backward")
    def test_backward_left_out(self) -> None:
        """CustomConv2DFunction.backward: no bias."""
        case = autograd_case(350, PLAIN[1], bias=False)
        self.assert_replies_match(case, keys=["dx", "dweight"], tolerance=TOLERANCE)
