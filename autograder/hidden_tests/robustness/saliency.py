"""GradAttention: on linear networks, whose gradient is their weight."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.robustness.attack import LEFT
from autograder.hidden_tests.robustness.cases import TOLERANCE, manners_case, saliency_case


class TestSaliency(FactCase):
    """GradAttention, 8 points; 4 of them for one image, which is plain."""

    component = "saliency"
    axes: ClassVar = {"map": ("image", "channel", "row", "column")}

    @plain
    @weight(4)
    @number("3.1")
    @tags("saliency", "forward")
    def test_one_image(self) -> None:
        """GradAttention on one image: the largest absolute gradient over the channels."""
        self.assert_replies_match(
            saliency_case(41, 1),
            saliency_case(42, 1, loss="entropy"),
            keys=["map"],
            tolerance=TOLERANCE,
            exact_shape=True,
        )

    @weight(2)
    @number("3.2")
    @tags("saliency", "forward")
    def test_batch(self) -> None:
        """GradAttention: every image by its own predicted label, as if it were alone in the batch."""
        self.assert_replies_match(
            saliency_case(43, 4), saliency_case(44, 3, loss="entropy"), keys=["map"], tolerance=TOLERANCE
        )

    @weight(2)
    @number("3.3")
    @tags("saliency", "forward")
    def test_manners(self) -> None:
        """GradAttention: the network runs in eval mode; it and the images are unchanged afterwards."""
        cases = [manners_case("saliency", training=training) for training in (True, False)]
        for key, message in LEFT.items():
            with self.subTest():
                self.assert_fact(*cases, key=key, message=message)
