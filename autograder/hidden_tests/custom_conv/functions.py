"""conv2d_loops and conv2d_unfold: the same sums, asked of each by itself."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Case
from autograder.hidden_tests.custom_conv.cases import (
    DILATED,
    EDGES,
    PLAIN,
    STRIDES,
    TOLERANCE,
    Shape,
    function_case,
)
from autograder.hidden_tests.facts import FactCase


class FunctionCase(FactCase):
    """Base of the tests of both functions; `name` is what is called, `seed` that of the first case."""

    derived: ClassVar = ("dx", "dweight", "dbias", "reached")
    axes: ClassVar = {"out": ("image", "filter", "row", "column"), "x": ("image", "channel")}
    name: ClassVar[str] = ""
    seed: ClassVar[int] = 0

    def assert_outputs(self, shapes: tuple[Shape, ...], *, first: int) -> None:
        """Fail unless the outputs are right for all `shapes`, and the images are left alone."""
        cases = [function_case(self.name, self.seed + first + at, shape) for at, shape in enumerate(shapes)]
        self.assert_replies_match(*cases, keys=["out", "x_after"], tolerance=TOLERANCE)

    def assert_edges(self) -> None:
        """Fail unless odd sizes, a single image, no bias and the default settings are right."""
        self.assert_outputs(EDGES, first=20)
        bare = [
            function_case(self.name, self.seed + 30, PLAIN[1], bias=False),
            function_case(self.name, self.seed + 31, PLAIN[1], defaults=True),
        ]
        self.assert_replies_match(*bare, keys=["out"], tolerance=TOLERANCE)

    def assert_gradients(self) -> None:
        """Fail unless torch finds the gradients: the graph is intact from out to x, weight and bias."""
        case: Case = function_case(self.name, self.seed + 40, STRIDES[0])
        with self.subTest():
            self.assert_fact(
                case,
                key="reached",
                message="No gradient arrives at x, weight and bias: something on the way was detached or "
                "copied "
                "out of the graph.",
            )
        with self.subTest():
            self.assert_replies_match(case, keys=["dx", "dweight", "dbias"], tolerance=TOLERANCE)


class TestLoops(FunctionCase):
    """conv2d_loops, 8 points."""

    component, name, seed = "conv_loops", "conv2d_loops", 100

    @weight(4)
    @number("1.1")
    @tags("conv_loops", "forward")
    def test_plain(self) -> None:
        """conv2d_loops, 3 x 3, stride 1: every window is correlated with every filter."""
        self.assert_outputs(PLAIN, first=0)

    @weight(1)
    @number("1.2")
    @tags("conv_loops", "forward")
    def test_strides(self) -> None:
        """conv2d_loops: kernels of 1 to 5 pixels, with stride and padding."""
        self.assert_outputs(STRIDES, first=4)

    @weight(1)
    @number("1.3")
    @tags("conv_loops", "forward")
    def test_dilation(self) -> None:
        """conv2d_loops, dilation 2: the pixels of a window lie two apart."""
        self.assert_outputs(DILATED, first=10)

    @weight(1)
    @number("1.4")
    @tags("conv_loops", "forward")
    def test_edges(self) -> None:
        """conv2d_loops: images that are not square, leftover rows, one window, no bias, default settings."""
        self.assert_edges()

    @weight(1)
    @number("1.5")
    @tags("conv_loops", "backward")
    def test_gradients(self) -> None:
        """conv2d_loops: torch finds the gradients for x, weight and bias."""
        self.assert_gradients()


class TestUnfold(FunctionCase):
    """conv2d_unfold, 8 points."""

    component, name, seed = "conv_unfold", "conv2d_unfold", 200

    @weight(4)
    @number("2.1")
    @tags("conv_unfold", "forward")
    def test_plain(self) -> None:
        """conv2d_unfold, 3 x 3, stride 1: the product of the filters with the columns."""
        self.assert_outputs(PLAIN, first=0)

    @weight(1)
    @number("2.2")
    @tags("conv_unfold", "forward")
    def test_strides(self) -> None:
        """conv2d_unfold: kernels of 1 to 5 pixels, with stride and padding."""
        self.assert_outputs(STRIDES, first=4)

    @weight(1)
    @number("2.3")
    @tags("conv_unfold", "forward")
    def test_dilation(self) -> None:
        """conv2d_unfold, dilation 2: the pixels of a window lie two apart."""
        self.assert_outputs(DILATED, first=10)

    @weight(1)
    @number("2.4")
    @tags("conv_unfold", "forward")
    def test_edges(self) -> None:
        """conv2d_unfold: images that are not square, leftover rows, one window, no bias, default settings."""
        self.assert_edges()

    @weight(1)
    @number("2.5")
    @tags("conv_unfold", "backward")
    def test_gradients(self) -> None:
        """conv2d_unfold: torch finds the gradients for x, weight and bias."""
        self.assert_gradients()
