"""CustomConv2DFunction: values, gradients, and what a step of torch's graph owes to the others."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.custom_conv.cases import (
    EXACT,
    MANY,
    ODD,
    PLAIN,
    TOLERANCE,
    WIDE,
    Shape,
    autograd_case,
)
from autograder.hidden_tests.facts import FactCase, as_fact

GRADIENTS = ("dx", "dweight", "dbias")
MOST_KEPT = 1.1  # times the bytes of x and weight


def is_too_much(case: Case, share: Array) -> Array:
    """Return whether more is kept for backward than x and weight: how much more is the student's."""
    return as_fact(case, np.asarray(share > MOST_KEPT))


class TestFunction(FactCase):
    """CustomConv2DFunction, 26 points: 11 forward, 15 backward."""

    component = "conv_function"
    axes: ClassVar = {
        "out": ("image", "filter", "row", "column"), "dx": ("image", "channel", "row", "column"),
        "dweight": ("filter", "channel", "row", "column"), "dbias": ("filter",),
    }  # fmt: skip

    def _assert(self, shapes: tuple[Shape, ...], *keys: str, seed: int, tolerance: float = TOLERANCE) -> None:
        cases = [autograd_case(seed + at, shape) for at, shape in enumerate(shapes)]
        self.assert_replies_match(*cases, keys=keys, tolerance=tolerance)

    @weight(6)
    @number("3.1")
    @tags("conv_function", "forward")
    def test_forward(self) -> None:
        """CustomConv2DFunction.forward, 3 x 3, stride 1, padding 0 and 1, few channels and more."""
        self._assert((*PLAIN, *WIDE), "out", "x_after", seed=300)

    @weight(3)
    @number("3.2")
    @tags("conv_function", "forward")
    def test_forward_with_settings(self) -> None:
        """CustomConv2DFunction.forward: kernels of 1 to 7 pixels, strides to 3, padding to 3, dilation 2."""
        self._assert(MANY, "out", seed=310)

    @weight(1)
    @number("3.3")
    @tags("conv_function", "forward")
    def test_forward_on_odd_sizes(self) -> None:
        """CustomConv2DFunction.forward: not square, leftover rows, one window, no bias, default settings."""
        self._assert(ODD, "out", seed=320)
        bare = [
            autograd_case(326, WIDE[1], bias=False),
            autograd_case(327, PLAIN[1], defaults=True),
        ]
        self.assert_replies_match(*bare, keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("3.4")
    @tags("conv_function", "forward")
    def test_float64(self) -> None:
        """CustomConv2DFunction: float64 input is computed in float64, forward and backward."""
        cases = [
            autograd_case(330, PLAIN[0], more=(("double", True),)),
            autograd_case(331, WIDE[0], more=(("double", True),)),
        ]
        self.assert_replies_match(*cases, keys=["out", *GRADIENTS], tolerance=EXACT)

    @weight(7)
    @number("3.5")
    @tags("conv_function", "backward")
    def test_backward(self) -> None:
        """CustomConv2DFunction.backward, 3 x 3, stride 1, padding 0 and 1: dx, dweight and dbias."""
        self._assert((*PLAIN, *WIDE), *GRADIENTS, seed=300)

    @weight(3)
    @number("3.6")
    @tags("conv_function", "backward")
    def test_backward_with_settings(self) -> None:
        """CustomConv2DFunction.backward: kernels of 1 to 7 pixels, strides to 3, padding to 3, dilation 2."""
        self._assert(MANY, *GRADIENTS, seed=310)

    @weight(1)
    @number("3.7")
    @tags("conv_function", "backward")
    def test_backward_on_odd_sizes(self) -> None:
        """CustomConv2DFunction.backward: images that are not square, leftover rows, one window, no bias."""
        self._assert(ODD, *GRADIENTS, seed=320)
        bare = autograd_case(326, WIDE[1], bias=False)
        self.assert_replies_match(bare, keys=["dx", "dweight"], tolerance=TOLERANCE)

    @weight(1)
    @number("3.8")
    @tags("conv_function", "backward")
    def test_backward_of_a_sum(self) -> None:
        """CustomConv2DFunction.backward: the gradient may be in any memory layout, as that of a sum is."""
        cases = [
            autograd_case(340 + at, shape, more=(("loss", loss),))
            for at, (shape, loss) in enumerate([(PLAIN[0], "sum"), (WIDE[0], "sum"), (MANY[3], "rows")])
        ]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="survives",
                message="out.sum().backward() raises: its gradient is one number, expanded to the shape of "
                "out. "
                "Use reshape, or contiguous, where you use view.",
            )
        with self.subTest():
            self.assert_replies_match(*cases, keys=GRADIENTS, tolerance=TOLERANCE)

    @weight(1)
    @number("3.9")
    @tags("conv_function", "backward")
    def test_neighbours(self) -> None:
        """CustomConv2DFunction: x may be channels-last, and an in-place ReLU may follow."""
        more = (("channels_last", True), ("relu", True))
        cases = [autograd_case(350 + at, shape, more=more) for at, shape in enumerate((MANY[3], WIDE[0]))]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="survives",
                message="It raises an error if x is channels-last, or if an in-place ReLU follows. forward "
                "must return a new tensor, not a view.",
            )
        with self.subTest():
            self.assert_replies_match(*cases, keys=["out", *GRADIENTS], tolerance=TOLERANCE)

    @weight(1)
    @number("3.10")
    @tags("conv_function", "backward")
    def test_none_where_nothing_is_needed(self) -> None:
        """CustomConv2DFunction.backward: None where no gradient is needed, right gradients for the rest."""
        cases = [
            autograd_case(360 + at, shape, more=(("frozen", list(names)),))
            for at, (shape, names) in enumerate([(WIDE[0], ("x",)), (PLAIN[0], ("weight", "bias"))])
        ]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="idle",
                message="backward computes gradients that nobody needs: look at ctx.needs_input_grad, and "
                "return "
                "None for those.",
            )
        with self.subTest():
            self.assert_replies_match(cases[0], keys=["dweight", "dbias"], tolerance=TOLERANCE)
            self.assert_replies_match(cases[1], keys=["dx"], tolerance=TOLERANCE)

    @weight(1)
    @number("3.11")
    @tags("conv_function", "backward")
    def test_what_is_kept(self) -> None:
        """CustomConv2DFunction: only x and weight are kept between forward and backward."""
        case = autograd_case(370, Shape((2, 9, 12, 12), 8, 3, padding=1))
        share = float(self.answer(case, "kept", view=is_too_much))
        self.assertLessEqual(
            share,
            MOST_KEPT,
            f"Between forward and backward {share:.1f} times the bytes of x and weight are kept. Keep these "
            "two, "
            "and unfold again in backward.",
        )
