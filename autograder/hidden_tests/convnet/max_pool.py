"""MaxPooling: the plain windows, every other kind by itself, negative images, and where the gradient goes.

Plain is a square image without negative entries, and windows of 2 x 2 at stride 2, as the course's networks
have them.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import pool_case, tied_pool_case
from autograder.hidden_tests.plain import plain


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
    """MaxPooling, 18 points; 9 of them at the plain configuration."""

    component = "max_pool"
    axes: ClassVar = dict.fromkeys(("x", "dx", "out", "dout"), ("image", "channel"))

    @plain
    @weight(5)
    @number("2.1")
    @tags("max_pool", "forward")
    def test_forward(self) -> None:
        """MaxPooling.forward: 2x2 windows, stride 2, on square images."""
        self.assert_replies_match(pool_case(41), keys=["out"], exact_shape=True)

    @weight(1)
    @number("2.2")
    @tags("max_pool", "forward")
    def test_forward_overlap(self) -> None:
        """MaxPooling.forward: windows that overlap (stride < kernel_size)."""
        cases = [pool_case(45, size=(7, 7), kernel=3), pool_case(46, size=(5, 5), stride=1)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("2.3")
    @tags("max_pool", "forward")
    def test_forward_negative(self) -> None:
        """MaxPooling.forward: a window of negative entries has a negative maximum."""
        cases = [pool_case(46 + at, highest=highest) for at, highest in ((1, -0.5), (2, 1.0), (3, -98.8))]
        self.assert_replies_match(*cases, keys=["out"])

    @plain
    @weight(4)
    @number("2.4")
    @tags("max_pool", "backward")
    def test_dx(self) -> None:
        """MaxPooling.backward: dx of 2x2 windows, stride 2, on square images."""
        self.assert_replies_match(pool_case(51, backward=True), keys=["dx"], exact_shape=True)

    @weight(1)
    @number("2.5")
    @tags("max_pool", "backward")
    def test_dx_overlap(self) -> None:
        """MaxPooling.backward: an entry that is the maximum of several windows gets all their gradients."""
        cases = [
            pool_case(54, size=(7, 7), kernel=3, backward=True),
            pool_case(55, size=(5, 5), stride=1, backward=True),
        ]
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(1)
    @number("2.6")
    @tags("max_pool", "backward")
    def test_dx_ties(self) -> None:
        """MaxPooling.backward: a window with tied maxima passes its gradient on once, to maxima only."""
        self.assert_replies_match(tied_pool_case(56), keys=["dx"], views={"dx": gradient_by_window})

    @weight(1)
    @number("2.7")
    @tags("max_pool", "backward")
    def test_not_square(self) -> None:
        """MaxPooling: out and dx of images that are wider than high, or higher than wide."""
        cases = [pool_case(43, size=(4, 6), backward=True), pool_case(44, size=(8, 4), backward=True)]
        self.assert_replies_match(*cases, keys=["out", "dx"])

    @weight(1)
    @number("2.8")
    @tags("max_pool", "backward")
    def test_leftovers_and_gaps(self) -> None:
        """MaxPooling: leftover rows and columns, and those in gaps, are ignored; dx is 0 there."""
        gaps = pool_case(57, size=(6, 6), stride=3, backward=True)
        leftovers = pool_case(62, size=(5, 5), backward=True)
        self.assert_replies_match(gaps, leftovers, keys=["out", "dx"])

    @weight(1)
    @number("2.9")
    @tags("max_pool", "backward")
    def test_again(self) -> None:
        """MaxPooling: a third call is right, beside another layer, too; x, dout and earlier outputs stay."""
        case = pool_case(59, backward=True, repeats=2, apart=True)
        with self.subTest():
            last = pool_case(64, backward=True, repeats=1, in_training=True)
            self.assert_replies_match(case, last, keys=["dx"])
        with self.subTest():
            self.assert_replies_match(case, keys=["x_after", "dout_after", "out_before"], exact_shape=True)

    @weight(1)
    @number("2.10")
    @tags("max_pool", "backward")
    def test_one_image(self) -> None:
        """MaxPooling: out and dx of one image of one channel."""
        case = pool_case(52, batch=1, channels=1, backward=True)
        self.assert_replies_match(case, keys=["out", "dx"])

    @weight(1)
    @number("2.11")
    @tags("max_pool", "backward")
    def test_everything_at_once(self) -> None:
        """MaxPooling: leftover rows, overlaps, gaps, not square, another memory layout of x."""
        cases = [
            pool_case(60, size=(6, 8), kernel=3, backward=True),
            pool_case(61, size=(9, 5), stride=3, highest=1.0, backward=True),
            pool_case(63, size=(4, 6), backward=True, channels_last=True),
        ]
        self.assert_replies_match(*cases, keys=["out", "dx"])
