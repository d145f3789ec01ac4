"""corruption_error: sums over severities, relative to the baseline, and then the mean."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.texture_bias.cases import error_case


class TestCorruptionError(HiddenTestCase):
    """corruption_error, 6 points; 4 of them for corruptions in the same order, which is plain."""

    component = "corruption_error"
    derived = ("error",)

    @plain
    @weight(4)
    @number("5.1")
    @tags("corruption_error", "value")
    def test_value(self) -> None:
        """corruption_error of four networks, with three and with six corruptions."""
        self.assert_replies_match(error_case(61, 3), error_case(62, 6), keys=["error"])

    @weight(1)
    @number("5.2")
    @tags("corruption_error", "value")
    def test_order(self) -> None:
        """corruption_error: the two dicts may name the corruptions in different orders."""
        self.assert_replies_match(error_case(63, 4, is_reversed=True), keys=["error"])

    @weight(1)
    @number("5.3")
    @tags("corruption_error", "value")
    def test_one_corruption(self) -> None:
        """corruption_error with a single corruption."""
        self.assert_replies_match(error_case(64, 1), keys=["error"])
