"""pad_to and resize: values. Plain are square grey images; for pad_to with as much above as below."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import TOLERANCE, pad_case, scale_case

AXES = {"out": ("image", "channel", "row", "column")}


class TestPad(FactCase):
    """pad_to, 6 points; 3 of them where the image fits into the middle, which is plain."""

    component = "pad_to"
    axes: ClassVar = AXES

    @plain
    @weight(3)
    @number("5.1")
    @tags("pad_to", "value")
    def test_middle(self) -> None:
        """pad_to: square images in the middle of black ones."""
        cases = [pad_case(51, (3, 1, 6, 6), 10), pad_case(52, (2, 1, 5, 5), 9)]
        self.assert_replies_match(*cases, keys=["out"], exact_shape=True)

    @weight(1)
    @number("5.2")
    @tags("pad_to", "value")
    def test_odd(self) -> None:
        """pad_to: where rows and columns do not divide, the larger part is below and to the right."""
        self.assert_replies_match(pad_case(53, (2, 1, 6, 6), 9), keys=["out"])

    @weight(1)
    @number("5.3")
    @tags("pad_to", "value")
    def test_not_square(self) -> None:
        """pad_to: images that are wider than high, or higher than wide, become square."""
        self.assert_replies_match(pad_case(54, (2, 1, 4, 8), 10), pad_case(55, (2, 1, 7, 3), 9), keys=["out"])

    @weight(0.5)
    @number("5.4")
    @tags("pad_to", "value")
    def test_same_size(self) -> None:
        """pad_to: images that have the size already, and images with three channels; x is unchanged."""
        cases = [pad_case(56, (2, 1, 6, 6), 6), pad_case(57, (2, 3, 6, 6), 10)]
        self.assert_replies_match(*cases, keys=["out", "x_after"])

    @weight(0.5)
    @number("5.5")
    @tags("pad_to", "value")
    def test_bytes(self) -> None:
        """pad_to: bytes stay bytes."""
        case = pad_case(58, (2, 1, 6, 6), 10, is_bytes=True)
        self.assert_fact(case, key="kind", message="The type of the images changed; bytes should stay bytes.")
        self.assert_replies_match(case, keys=["out"])


class TestResize(FactCase):
    """resize, 4 points; most of them for square images that shrink, which is plain."""

    component = "resize"
    axes: ClassVar = AXES

    @plain
    @weight(2.5)
    @number("6.1")
    @tags("resize", "value")
    def test_shrink(self) -> None:
        """resize: images of 64 and 48 pixels a side to 28, with antialiasing."""
        cases = [scale_case(61, (2, 1, 64, 64), 28), scale_case(62, (2, 1, 48, 48), 28)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE, exact_shape=True)

    @weight(0.5)
    @number("6.2")
    @tags("resize", "value")
    def test_enlarge(self) -> None:
        """resize: images of 14 and 20 pixels a side to 28."""
        cases = [scale_case(63, (2, 1, 14, 14), 28), scale_case(64, (2, 1, 20, 20), 28)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(0.5)
    @number("6.3")
    @tags("resize", "value")
    def test_size(self) -> None:
        """resize: to other sizes, and by default to 28."""
        cases = [scale_case(65, (2, 1, 32, 32)), scale_case(66, (2, 1, 30, 30), 12)]
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE)

    @weight(0.5)
    @number("6.4")
    @tags("resize", "value")
    def test_not_square(self) -> None:
        """resize: images that are not square, with three channels, or that have the size; x is unchanged."""
        cases = [
            scale_case(67, (2, 1, 40, 24), 28), scale_case(68, (2, 3, 36, 36), 28),
            scale_case(69, (1, 1, 28, 28), 28),
        ]  # fmt: skip
        self.assert_replies_match(*cases, keys=["out", "x_after"], tolerance=TOLERANCE)
