"""MaxPooling: every kind of window, negative images, and where the gradient goes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.case import HiddenTestCase, shape_of
from autograder.hidden_tests.convnet.cases import pool_case, tied_pool_case


def gradient_by_window(case: Case, dx: Array) -> Array:
    """Sum dx over the maxima of each 2x2 window, and |dx| over the rest of it: (2, N, C, H/2, W/2).

    Which of tied maxima gets the gradient is the student's choice; the sum is not, nor that the others get
    none.
    """
    windows, gradients = _windows(case.arrays["x"]), _windows(dx)
    is_maximum = windows == windows.max(axis=(3, 5), keepdims=True)
    won = np.where(is_maximum, gradients, 0.0).sum(axis=(3, 5))
    lost = np.where(is_maximum, 0.0, np.abs(gradients)).sum(axis=(3, 5))
    return np.stack([won, lost])


def _windows(x: Array) -> Array:
    batch, channels, height, width = x.shape
    return x.reshape(batch, channels, height // 2, 2, width // 2, 2)


class TestMaxPooling(HiddenTestCase):
    """MaxPooling, 18 points: 8 forward, 10 backward."""

    component = "max_pool"
    axes: ClassVar = dict.fromkeys(("x", "dx", "out", "dout"), ("image", "channel"))

    @weight(2)
    @number("2.1")
    @tags("max_pool", "forward")
    def test_forward(self) -> None:
        """MaxPooling.forward: 2x2 windows, stride 2, on images that are not square."""
        self.assert_replies_match(pool_case(41), keys=["out"])

    @weight(2)
    @number("2.2")
    @tags("max_pool", "forward")
    def test_forward_overlap(self) -> None:
        """MaxPooling.forward: windows that overlap (stride < kernel_size)."""
        cases = [pool_case(42, size=(5, 7), kernel=3), pool_case(43, size=(4, 5), kernel=3, stride=1)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(2)
    @number("2.3")
    @tags("max_pool", "forward")
    def test_forward_rest_and_gaps(self) -> None:
        """MaxPooling.forward: leftover rows or columns, and gaps between windows."""
        cases = [pool_case(44, size=(5, 7)), pool_case(45, size=(5, 9), stride=3)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("2.4")
    @tags("max_pool", "forward")
    def test_forward_negative(self) -> None:
        """MaxPooling.forward: a window of negative entries has a negative maximum."""
        cases = [pool_case(46, highest=-0.5), pool_case(48, highest=1.0), pool_case(49, highest=-98.8)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("2.5")
    @tags("max_pool", "forward")
    def test_forward_changes_nothing(self) -> None:
        """MaxPooling.forward does not change x, and a second call is right; one image."""
        self.assert_replies_match(pool_case(47, batch=1, repeats=1), keys=["out", "x_after"])

    @weight(2)
    @number("2.6")
    @tags("max_pool", "backward")
    def test_dx(self) -> None:
        """MaxPooling.backward: dx of 2x2 windows, stride 2, on images that are not square."""
        self.assert_replies_match(pool_case(51, backward=True), keys=["dx"])

    @weight(2)
    @number("2.7")
    @tags("max_pool", "backward")
    def test_dx_overlap(self) -> None:
        """MaxPooling.backward: an entry that is the maximum of several windows gets all their gradients."""
        cases = [
            pool_case(52, size=(5, 7), kernel=3, backward=True),
            pool_case(53, size=(4, 5), kernel=3, stride=1, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(2)
    @number("2.8")
    @tags("max_pool", "backward")
    def test_dx_rest_and_gaps(self) -> None:
        """MaxPooling.backward: dx has the shape of x, with 0 in the leftover entries and in the gaps."""
        cases = [
            pool_case(54, size=(5, 7), backward=True),
            pool_case(55, size=(5, 9), stride=3, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(1)
    @number("2.9")
    @tags("max_pool", "backward")
    def test_dx_ties(self) -> None:
        """MaxPooling.backward: a window with tied maxima passes its gradient on once, to maxima only."""
        self.assert_replies_match(tied_pool_case(56), keys=["dx"], views={"dx": gradient_by_window})

    @weight(1)
    @number("2.10")
    @tags("max_pool", "backward")
    def test_backward_again(self) -> None:
        """MaxPooling.backward: the dx of a third call is right; nothing accumulates over calls."""
        self.assert_replies_match(pool_case(57, backward=True, repeats=2), keys=["dx"])

    @weight(1)
    @number("2.11")
    @tags("max_pool", "backward")
    def test_backward_changes_nothing(self) -> None:
        """MaxPooling.backward does not change x or dout."""
        self.assert_replies_match(
            pool_case(58, backward=True), keys=["dx", "x_after", "dout_after"], views={"dx": shape_of}
        )

    @weight(1)
    @number("2.12")
    @tags("max_pool", "backward")
    def test_dx_negative(self) -> None:
        """MaxPooling.backward: the largest of negative entries still gets the gradient."""
        cases = [pool_case(seed, highest=highest, backward=True) for seed, highest in ((59, -0.5), (60, 1.0))]
        self.assert_replies_match(*cases, keys=["dx"])
