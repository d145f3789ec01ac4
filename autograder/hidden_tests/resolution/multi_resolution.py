"""multi_resolution: every image in one group, in the middle of a black square, chosen at random."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import groups_case

DRAWS = {
    "steady": "A generator in the same state gives other results: draw all random numbers with it.",
    "fresh": "Another seed of the generator gives the same results: draw with the generator.",
    "moves": "A second call with the same generator gives the same results: do not seed it again.",
    "alone": "torch's global generator has changed: draw with the generator that is given.",
}
PLAIN = groups_case(71, 60)


class TestGroups(FactCase):
    """multi_resolution, 9 points; 5 of them for 60 grey images of 28 x 28 pixels, which is plain."""

    component = "multi_resolution"
    derived = ("lengths", "sides")

    @plain
    @weight(2)
    @number("7.1")
    @tags("multi_resolution", "value")
    def test_groups(self) -> None:
        """multi_resolution: three groups of twenty images, of 32, 48 and 64 pixels a side."""
        self.assert_replies_match(
            PLAIN, keys=["lengths", "sides"], views={"lengths": as_fact, "sides": as_fact}
        )
        self.assert_fact(
            PLAIN,
            key="middle",
            message="Some images are not in the middle of a black square, or changed their type.",
        )

    @plain
    @weight(2)
    @number("7.2")
    @tags("multi_resolution", "value")
    def test_labels(self) -> None:
        """multi_resolution: every image is in one group, with its label."""
        self.assert_fact(PLAIN, key="whole", message="Some images are missing, or are there twice.")
        self.assert_fact(
            PLAIN, key="labels", message="Some labels are not those of the images at their places."
        )

    @plain
    @weight(1)
    @number("7.3")
    @tags("multi_resolution", "draws")
    def test_random(self) -> None:
        """multi_resolution: which image gets which size is random."""
        self.assert_fact(
            PLAIN,
            key="mixed",
            message="The images are not divided at random: they follow the order in which they came.",
        )

    @weight(1)
    @number("7.4")
    @tags("multi_resolution", "value")
    def test_leftover(self) -> None:
        """multi_resolution: 61 and 62 images make groups that differ by one image at most."""
        cases = groups_case(72, 61), groups_case(73, 62)
        self.assert_replies_match(*cases, keys=["lengths"], views={"lengths": _sorted})
        self.assert_fact(*cases, key="whole", message="Some images are missing, or are there twice.")

    @weight(1)
    @number("7.5")
    @tags("multi_resolution", "value")
    def test_sizes(self) -> None:
        """multi_resolution: other sizes, in the order that was asked for; and one size only."""
        cases = groups_case(74, 40, (50, 29, 28, 33)), groups_case(75, 12, (31,))
        views = {"lengths": as_fact, "sides": as_fact}
        self.assert_replies_match(*cases, keys=["lengths", "sides"], views=views)
        self.assert_fact(*cases, key="middle", message="Some images are not in the middle of a black square.")

    @weight(1)
    @number("7.6")
    @tags("multi_resolution", "draws")
    def test_generator(self) -> None:
        """multi_resolution draws with the generator that it is given, and with no other one."""
        for key, message in DRAWS.items():
            with self.subTest():
                self.assert_fact(groups_case(76, 90), key=key, message=message)

    @weight(1)
    @number("7.7")
    @tags("multi_resolution", "value")
    def test_kinds(self) -> None:
        """multi_resolution: bytes, images that are not square, colours; what came in is unchanged."""
        cases = groups_case(77, 30, is_bytes=True), groups_case(78, 30, shape=(3, 20, 26))
        self.assert_fact(
            *cases,
            key="middle",
            message="Some images are not in the middle of a black square, or changed their type.",
        )
        self.assert_fact(*cases, key="untouched", message="The images or labels that came in are changed.")


def _sorted(case: Case, lengths: Array) -> Array:
    return as_fact(case, np.sort(lengths))
