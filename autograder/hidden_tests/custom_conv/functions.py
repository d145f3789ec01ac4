"""conv2d_loops and conv2d_unfold: the same sums, asked of each by itself.

Plain are square images, 3 x 3 filters and stride 1, without padding and dilation.
"""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.custom_conv.cases import (
    ALONE,
    AT_ONCE,
    DILATED,
    KERNELS,
    LEFTOVERS,
    NOT_SQUARE,
    PADDED,
    PLAIN,
    STRIDES,
    TOLERANCE,
    Shape,
    function_case,
)
from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain


class FunctionCase(FactCase):
    """Base of the tests of both functions; `name` is what is called, `seed` that of the first case."""

    derived: ClassVar = ("dx", "dweight", "dbias", "reached")
    axes: ClassVar = {"out": ("image", "filter", "row", "column"), "x": ("image", "channel")}
    name: ClassVar[str] = ""
    seed: ClassVar[int] = 0

    def assert_plain(self) -> None:
        """Fail unless the plain outputs are right, and the images are left alone."""
        cases = [function_case(self.name, self.seed + at, shape) for at, shape in enumerate(PLAIN)]
        self.assert_replies_match(*cases, keys=["out", "x_after"], tolerance=TOLERANCE, exact_shape=True)

    def assert_outputs(self, shapes: tuple[Shape, ...], *, first: int) -> None:
        """Fail unless the outputs are right for all `shapes`."""
        cases = [function_case(self.name, self.seed + first + at, shape) for at, shape in enumerate(shapes)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    def assert_left_out(self) -> None:
        """Fail unless the output is right without a bias, and where no settings are given."""
        cases = [
            function_case(self.name, self.seed + 60, PLAIN[1], bias=False),
            function_case(self.name, self.seed + 61, PLAIN[1], defaults=True),
        ]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    def assert_gradients(self) -> None:
        """Fail unless torch finds the gradients: the graph is intact from out to x, weight and bias."""
        case = function_case(self.name, self.seed, PLAIN[0])
        with self.subTest():
            self.assert_fact(
                case,
                key="reached",
                message="No gradient arrives at x, weight and bias: something on the way was detached or "
                "copied out of the graph.",
            )
        with self.subTest():
            self.assert_replies_match(case, keys=["dx", "dweight", "dbias"], tolerance=TOLERANCE)


class TestLoops(FunctionCase):
    """conv2d_loops, 8 points; 4 of them at the plain configuration."""

    component, name, seed = "conv_loops", "conv2d_loops", 100

    @plain
    @weight(3)
    @number("1.1")
    @tags("conv_loops", "forward")
    def test_plain(self) -> None:
        """conv2d_loops, 3 x 3, stride 1: every window is correlated with every filter."""
        self.assert_plain()

    @plain
    @weight(1)
    @number("1.2")
    @tags("conv_loops", "backward")
    def test_gradients(self) -> None:
        """conv2d_loops: torch finds the gradients for x, weight and bias."""
        self.assert_gradients()

    @weight(0.5)
    @number("1.3")
    @tags("conv_loops", "forward")
    def test_padding(self) -> None:
        """conv2d_loops: padding 1 and padding 2."""
        self.assert_outputs(PADDED, first=10)

    @weight(0.5)
    @number("1.4")
    @tags("conv_loops", "forward")
    def test_strides(self) -> None:
        """conv2d_loops: stride 2 and stride 3, without and with leftover rows and columns."""
        self.assert_outputs((*STRIDES, *LEFTOVERS), first=15)

    @weight(0.5)
    @number("1.5")
    @tags("conv_loops", "forward")
    def test_dilation(self) -> None:
        """conv2d_loops: dilation 2 and 3."""
        self.assert_outputs(DILATED, first=20)

    @weight(0.5)
    @number("1.6")
    @tags("conv_loops", "forward")
    def test_kernels(self) -> None:
        """conv2d_loops: kernels of 1, 2 and 5 pixels, the last as large as the image."""
        self.assert_outputs(KERNELS, first=25)

    @weight(0.5)
    @number("1.7")
    @tags("conv_loops", "forward")
    def test_not_square(self) -> None:
        """conv2d_loops: images that are wider than high, or higher than wide."""
        self.assert_outputs(NOT_SQUARE, first=30)

    @weight(0.5)
    @number("1.8")
    @tags("conv_loops", "forward")
    def test_alone(self) -> None:
        """conv2d_loops: one image, one channel, one filter."""
        self.assert_outputs(ALONE, first=35)

    @weight(0.5)
    @number("1.9")
    @tags("conv_loops", "forward")
    def test_everything_at_once(self) -> None:
        """conv2d_loops: stride, padding, dilation, even kernels, not square: all at once."""
        self.assert_outputs(AT_ONCE, first=40)

    @weight(0.5)
    @number("1.10")
    @tags("conv_loops", "forward")
    def test_left_out(self) -> None:
        """conv2d_loops: no bias, and no settings."""
        self.assert_left_out()


class TestUnfold(FunctionCase):
    """conv2d_unfold, 8 points; 4 of them at the plain configuration."""

    component, name, seed = "conv_unfold", "conv2d_unfold", 200

    @plain
    @weight(3)
    @number("2.1")
    @tags("conv_unfold", "forward")
    def test_plain(self) -> None:
        """conv2d_unfold, 3 x 3, stride 1: the product of the filters with the columns."""
        self.assert_plain()

    @plain
    @weight(1)
    @number("2.2")
    @tags("conv_unfold", "backward")
    def test_gradients(self) -> None:
        """conv2d_unfold: torch finds the gradients for x, weight and bias."""
        self.assert_gradients()

    @weight(0.5)
    @number("2.3")
    @tags("conv_unfold", "forward")
    def test_padding(self) -> None:
        """conv2d_unfold: padding 1 and padding 2."""
        self.assert_outputs(PADDED, first=10)

    @weight(0.5)
    @number("2.4")
    @tags("conv_unfold", "forward")
    def test_strides(self) -> None:
        """conv2d_unfold: stride 2 and stride 3, without and with leftover rows and columns."""
        self.assert_outputs((*STRIDES, *LEFTOVERS), first=15)

    @weight(0.5)
    @number("2.5")
    @tags("conv_unfold", "forward")
    def test_dilation(self) -> None:
        """conv2d_unfold: dilation 2 and 3."""
        self.assert_outputs(DILATED, first=20)

    @weight(0.5)
    @number("2.6")
    @tags("conv_unfold", "forward")
    def test_kernels(self) -> None:
        """conv2d_unfold: kernels of 1, 2 and 5 pixels, the last as large as the image."""
        self.assert_outputs(KERNELS, first=25)

    @weight(0.5)
    @number("2.7")
    @tags("conv_unfold", "forward")
    def test_not_square(self) -> None:
        """conv2d_unfold: images that are wider than high, or higher than wide."""
        self.assert_outputs(NOT_SQUARE, first=30)

    @weight(0.5)
    @number("2.8")
    @tags("conv_unfold", "forward")
    def test_alone(self) -> None:
        """conv2d_unfold: one image, one channel, one filter."""
        self.assert_outputs(ALONE, first=35)

    @weight(0.5)
    @number("2.9")
    @tags("conv_unfold", "forward")
    def test_everything_at_once(self) -> None:
        """conv2d_unfold: stride, padding, dilation, even kernels, not square: all at once."""
        self.assert_outputs(AT_ONCE, first=40)

    @weight(0.5)
    @number("2.10")
    @tags("conv_unfold", "forward")
    def test_left_out(self) -> None:
        """conv2d_unfold: no bias, and no settings."""
        self.assert_left_out()
