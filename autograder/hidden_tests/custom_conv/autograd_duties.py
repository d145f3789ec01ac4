"""CustomConv2DFunction: what a step of torch's graph owes to the others, beside right numbers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.custom_conv.autograd import AXES, GRADIENTS
from autograder.hidden_tests.custom_conv.cases import (
    EXACT,
    PLAIN,
    TOLERANCE,
    WIDE,
    Shape,
    autograd_case,
)
from autograder.hidden_tests.facts import FactCase, as_fact

MOST_KEPT = 1.1  # times the bytes of x and weight


def is_too_much(case: Case, share: Array) -> Array:
    """Return whether more is kept for backward than x and weight: how much more is the student's."""
    return as_fact(case, np.asarray(share > MOST_KEPT))


class TestFunctionInTheGraph(FactCase):
    """CustomConv2DFunction, 5 points of 26: 1 forward, 4 backward."""

    component = "conv_function"
    axes: ClassVar = AXES

    @weight(1)
    @number("3.19")
    @tags("conv_function", "forward")
    def test_float64(self) -> None:
        """CustomConv2DFunction: float64 input is computed in float64, forward and backward."""
        cases = [
            autograd_case(360, PLAIN[0], more=(("double", True),)),
            autograd_case(361, WIDE[0], more=(("double", True),)),
        ]
        self.assert_replies_match(*cases, keys=["out", *GRADIENTS], tolerance=EXACT)

    @weight(1)
    @number("3.20")
    @tags("conv_function", "backward")
    def test_backward_of_a_sum(self) -> None:
        """CustomConv2DFunction.backward: the gradient may be in any memory layout, as that of a sum is."""
        cases = [
            autograd_case(365 + at, shape, more=(("loss", loss),))
            for at, (shape, loss) in enumerate([(PLAIN[0], "sum"), (WIDE[0], "sum"), (PLAIN[1], "rows")])
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
    @number("3.21")
    @tags("conv_function", "backward")
    def test_neighbours(self) -> None:
        """CustomConv2DFunction: x may be channels-last, and an in-place ReLU may follow."""
        more = (("channels_last", True), ("relu", True))
        cases = [autograd_case(370 + at, shape, more=more) for at, shape in enumerate((PLAIN[1], WIDE[0]))]
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
    @number("3.22")
    @tags("conv_function", "backward")
    def test_none_where_nothing_is_needed(self) -> None:
        """CustomConv2DFunction.backward: None where no gradient is needed, right gradients for the rest."""
        cases = [
            autograd_case(375 + at, shape, more=(("frozen", list(names)),))
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
    @number("3.23")
    @tags("conv_function", "backward")
    def test_what_is_kept(self) -> None:
        """CustomConv2DFunction: only x and weight are kept between forward and backward."""
        case = autograd_case(380, Shape((2, 9, 12, 12), 8, 3, padding=1))
        share = float(self.answer(case, "kept", view=is_too_much))
        self.assertLessEqual(
            share,
            MOST_KEPT,
            f"Between forward and backward {share:.1f} times the bytes of x and weight are kept. Keep these "
            "two, "
            "and unfold again in backward.",
        )
