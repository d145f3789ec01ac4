"""Linear: inputs of two to four axes, and three gradients."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase, shape_of
from autograder.hidden_tests.convnet.cases import linear_case


class TestLinear(HiddenTestCase):
    """Linear, 12 points: 5 forward, 7 backward."""

    component = "linear"
    axes: ClassVar = {
        "x": ("sample",),
        "dx": ("sample",),
        "out": ("sample", "output"),
        "dout": ("sample", "output"),
        "weight": ("input", "output"),
        "dw": ("input", "output"),
        "db": ("output",),
        "bias": ("output",),
    }

    @weight(2)
    @number("4.1")
    @tags("linear", "forward")
    def test_forward(self) -> None:
        """Linear.forward: samples that are vectors already."""
        self.assert_replies_match(linear_case(71, (3, 5)), keys=["out"])

    @weight(2)
    @number("4.2")
    @tags("linear", "forward")
    def test_forward_flattens(self) -> None:
        """Linear.forward: samples of two and of three axes are flattened in NumPy's order; a batch of one."""
        cases = [linear_case(72, (3, 4, 2)), linear_case(73, (2, 3, 2, 4)), linear_case(74, (1, 2, 2, 3))]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("4.3")
    @tags("linear", "forward")
    def test_forward_changes_nothing(self) -> None:
        """Linear.forward does not change x (nor its shape), weight or bias; a second call is right."""
        case = linear_case(75, (2, 3, 2), repeats=1)
        self.assert_replies_match(case, keys=["out", "x_after", "weight_after", "bias_after"])

    @weight(2)
    @number("4.4")
    @tags("linear", "backward")
    def test_dx(self) -> None:
        """Linear.backward: dx, in the shape of x, for samples of one, two and three axes."""
        cases = [
            linear_case(76, (3, 5), backward=True),
            linear_case(77, (3, 4, 2), backward=True),
            linear_case(78, (2, 3, 2, 4), backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(2)
    @number("4.5")
    @tags("linear", "backward")
    def test_dw(self) -> None:
        """Linear.backward: dw, in the shape of weight, for samples of one and of three axes."""
        cases = [linear_case(76, (3, 5), backward=True), linear_case(78, (2, 3, 2, 4), backward=True)]
        self.assert_replies_match(*cases, keys=["dw"])

    @weight(1)
    @number("4.6")
    @tags("linear", "backward")
    def test_db(self) -> None:
        """Linear.backward: db."""
        cases = [linear_case(76, (3, 5), backward=True), linear_case(78, (2, 3, 2, 4), backward=True)]
        self.assert_replies_match(*cases, keys=["db"])

    @weight(1)
    @number("4.7")
    @tags("linear", "backward")
    def test_backward_again(self) -> None:
        """Linear.backward: the gradients of a third call are right; nothing accumulates over calls."""
        case = linear_case(79, (3, 2, 3), backward=True, repeats=2)
        self.assert_replies_match(case, keys=["dx", "dw", "db"])

    @weight(1)
    @number("4.8")
    @tags("linear", "backward")
    def test_backward_changes_nothing(self) -> None:
        """Linear.backward does not change x, weight, bias or dout."""
        case = linear_case(80, (3, 4), backward=True)
        self.assert_replies_match(
            case, keys=["dx", "x_after", "weight_after", "bias_after", "dout_after"], views={"dx": shape_of}
        )
