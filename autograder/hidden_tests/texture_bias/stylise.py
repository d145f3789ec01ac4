"""stylise: exact with one painting to choose from; with several, every image gets one at random."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.texture_bias.cases import TOLERANCE, style_case, style_draws_case

DRAWS = {
    "one": "Some images have more than, or something other than, the detail of one painting.",
    "turns": "The paintings take turns: draw one at random for every image.",
    "steady": "A generator in the same state gives other images: draw all random numbers with it.",
    "fresh": "Another seed of the generator gives the same images: draw with the generator.",
    "moves": "A second call with the same generator gives the same images: do not seed it again.",
    "alone": "torch's global generator has changed: draw with the generator that is given.",
}


def drawn_evenly(case: Case, counts: Array) -> Array:
    """Return how often each painting was drawn, in units of what is expected, rounded; 1 is right."""
    expected = case.settings["copies"] / len(counts)  # type: ignore[operator]
    return as_fact(case, np.round(counts / expected))


class TestStylise(FactCase):
    """stylise, 10 points; 5 of them for square images that stay within [0, 1], which is plain."""

    component = "stylise"
    axes: ClassVar = {"out": ("image", "channel", "row", "column")}

    @plain
    @weight(5)
    @number("3.1")
    @tags("stylise", "value")
    def test_one_painting(self) -> None:
        """stylise with a gallery of one painting: the image's coarse and the painting's fine structure."""
        self.assert_replies_match(
            style_case(31),
            style_case(32, (2, 3, 12, 12)),
            keys=["out"],
            tolerance=TOLERANCE,
            exact_shape=True,
        )

    @weight(2)
    @number("3.2")
    @tags("stylise", "draws")
    def test_own_painting(self) -> None:
        """stylise: every image gets one painting, and all paintings are equally likely."""
        case = style_draws_case(33, 180, 3)
        for key in ("one", "turns"):
            with self.subTest():
                self.assert_fact(case, key=key, message=DRAWS[key])
        with self.subTest():
            self.assert_replies_match(case, keys=["counts"], views={"counts": drawn_evenly})

    @weight(1)
    @number("3.3")
    @tags("stylise", "draws")
    def test_generator(self) -> None:
        """stylise draws with the generator that it is given, and with no other one."""
        for key in ("steady", "fresh", "moves", "alone"):
            with self.subTest():
                self.assert_fact(style_draws_case(34, 40, 7), key=key, message=DRAWS[key])

    @weight(1)
    @number("3.4")
    @tags("stylise", "value")
    def test_box(self) -> None:
        """stylise: the result is cut to [0, 1]."""
        self.assert_replies_match(style_case(35, edges=True), keys=["out"], tolerance=TOLERANCE)

    @weight(1)
    @number("3.5")
    @tags("stylise", "value")
    def test_sizes(self) -> None:
        """stylise: one image alone, images that are not square; the images stay as they are."""
        cases = [style_case(36, (1, 3, 8, 8)), style_case(37, (3, 3, 7, 10))]
        self.assert_replies_match(*cases, keys=["out", "x_after"], tolerance=TOLERANCE)
