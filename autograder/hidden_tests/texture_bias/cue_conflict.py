"""cue_conflict: every pair of a shape and another texture, and labels that say what the images show."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.texture_bias.cases import conflict_case


class TestConflict(FactCase):
    """cue_conflict, 8 points; 5 of them for a multiple of 20 images, which is plain."""

    component = "cue_conflict"
    derived = ("counts",)

    @plain
    @weight(3)
    @number("1.1")
    @tags("cue_conflict", "draws")
    def test_pairs(self) -> None:
        """cue_conflict: every pair of a shape (row) and a different texture (column) occurs equally often."""
        self.assert_replies_match(conflict_case(11, 200), conflict_case(12, 60), keys=["counts"])

    @plain
    @weight(2)
    @number("1.2")
    @tags("cue_conflict", "labels")
    def test_labels(self) -> None:
        """cue_conflict: every image shows the shape and the texture that its two labels say."""
        self.assert_fact(
            conflict_case(13, 40),
            conflict_case(14, 80),
            key="shown",
            message="Some images show another shape or texture than the labels at their place say. The order "
            "of the results is: images, shape labels, texture labels.",
        )

    @weight(1)
    @number("1.3")
    @tags("cue_conflict", "labels")
    def test_form(self) -> None:
        """cue_conflict: images are float32 (n, 3, 32, 32), labels are int64 (n,)."""
        self.assert_fact(
            conflict_case(15, 40),
            key="form",
            message="Expected images of float32 (n, 3, 32, 32) and two tensors of int64 labels (n,).",
        )

    @weight(1)
    @number("1.4")
    @tags("cue_conflict", "draws")
    def test_order(self) -> None:
        """cue_conflict: the order is random, and n need not be a multiple of 20."""
        with self.subTest():
            self.assert_fact(
                conflict_case(16, 200),
                key="mixed",
                message="The labels are sorted, or repeat themselves after 20 images: mix their order.",
            )
        with self.subTest():
            self.assert_fact(
                conflict_case(17, 73),
                conflict_case(18, 7),
                key="even",
                message="With n = 73 or n = 7, some pair is no conflict, or occurs two times more than "
                "another one.",
            )

    @weight(1)
    @number("1.5")
    @tags("cue_conflict", "draws")
    def test_seed(self) -> None:
        """cue_conflict: the same seed gives the same images and labels, another seed gives different ones."""
        case = conflict_case(19, 100)
        for key, message in {
            "steady": "The same seed gives other images or labels at the second call: draw all random "
            "numbers with one generator that starts from the seed.",
            "fresh": "Another seed gives the same images or the same labels.",
            "alone": "torch's global generator has changed: draw from a generator of your own.",
        }.items():
            with self.subTest():
                self.assert_fact(case, key=key, message=message)
