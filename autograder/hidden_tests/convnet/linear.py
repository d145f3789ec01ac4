"""Linear: samples that are vectors, which is plain, samples of several axes, and three gradients."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import linear_case
from autograder.hidden_tests.plain import plain

TRAINED = linear_case(82, (2, 3), backward=True, repeats=1, in_training=True)


class TestLinear(HiddenTestCase):
    """Linear, 12 points: 5 forward, 7 backward; 7 of them at the plain configuration."""

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

    @plain
    @weight(3)
    @number("4.1")
    @tags("linear", "forward")
    def test_forward(self) -> None:
        """Linear.forward: samples that are vectors already."""
        self.assert_replies_match(linear_case(71, (3, 5)), keys=["out"])

    @weight(1)
    @number("4.2")
    @tags("linear", "forward")
    def test_forward_flattens(self) -> None:
        """Linear.forward: samples of two and of three axes are flattened in NumPy's order."""
        self.assert_replies_match(linear_case(73, (3, 4, 2)), linear_case(74, (2, 3, 2, 4)), keys=["out"])

    @weight(1)
    @number("4.3")
    @tags("linear", "forward")
    def test_forward_again(self) -> None:
        """Linear.forward does not change x (nor its shape), weight, bias or its earlier output."""
        cases = [linear_case(75, (3, 4), repeats=1, apart=True), linear_case(81, (3, 4, 2))]
        with self.subTest():
            self.assert_replies_match(cases[0], TRAINED, keys=["out"])
        with self.subTest():
            self.assert_replies_match(cases[0], keys=["out_before"], exact_shape=True)
        with self.subTest():
            keys = ["x_after", "weight_after", "bias_after"]
            self.assert_replies_match(*cases, keys=keys, exact_shape=True)

    @plain
    @weight(1)
    @number("4.4")
    @tags("linear", "backward")
    def test_dx(self) -> None:
        """Linear.backward: dx, for samples that are vectors."""
        self.assert_replies_match(linear_case(76, (3, 5), backward=True), keys=["dx"])

    @plain
    @weight(2)
    @number("4.5")
    @tags("linear", "backward")
    def test_dw(self) -> None:
        """Linear.backward: dw, in the shape of weight."""
        self.assert_replies_match(linear_case(76, (3, 5), backward=True), keys=["dw"], exact_shape=True)

    @plain
    @weight(1)
    @number("4.6")
    @tags("linear", "backward")
    def test_db(self) -> None:
        """Linear.backward: db, in the shape of bias."""
        self.assert_replies_match(linear_case(76, (3, 5), backward=True), keys=["db"], exact_shape=True)

    @weight(1)
    @number("4.7")
    @tags("linear", "backward")
    def test_backward_of_several_axes(self) -> None:
        """Linear.backward: dx in the shape of x, and dw, for samples of two and of three axes."""
        cases = [linear_case(77, (3, 4, 2), backward=True), linear_case(78, (2, 3, 2, 4), backward=True)]
        with self.subTest():
            self.assert_replies_match(*cases, keys=["dx"], exact_shape=True)
        with self.subTest():
            self.assert_replies_match(*cases, keys=["dw"])

    @weight(1)
    @number("4.8")
    @tags("linear", "backward")
    def test_backward_again(self) -> None:
        """Linear.backward: a third call is right, beside another layer, too; x, weight, bias, dout stay."""
        case = linear_case(79, (3, 4), backward=True, repeats=2, apart=True)
        keys = ["x_after", "weight_after", "bias_after", "dout_after"]
        with self.subTest():
            self.assert_replies_match(case, TRAINED, keys=["dx", "dw", "db"])
        with self.subTest():
            self.assert_replies_match(case, keys=keys)

    @weight(1)
    @number("4.9")
    @tags("linear", "backward")
    def test_one_sample(self) -> None:
        """Linear: a batch of one sample keeps its first axis, forwards and backwards."""
        case = linear_case(80, (1, 6), backward=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["out"], exact_shape=True)
        with self.subTest():
            self.assert_replies_match(case, keys=["dx", "dw", "db"])
