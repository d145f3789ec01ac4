"""augment: every image turned and moved by numbers of its own; where a spot went says by which."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import augment_case
from autograder.hidden_tests.resolution.multi_resolution import DRAWS

PLAIN = augment_case(91, 400)


def in_quarters(case: Case, moves: Array) -> Array:
    """Return the least, the largest, the mean and the spread of moves, coarsely: -1, 1, 0, 0.58 are right."""
    return as_fact(case, np.round(moves * np.array([4, 4, 3, 4])) + 0.0)  # no -0


def in_thirds(case: Case, correlations: Array) -> Array:
    """Return correlations in thirds: 0 where numbers are drawn for themselves."""
    return as_fact(case, np.round(2 * correlations) + 0.0)


class TestAugment(FactCase):
    """augment, 8 points; 4 of them for 400 grey images of 28 x 28 pixels, which is plain."""

    component = "augment"
    derived = ("turned", "down", "right", "together")

    @plain
    @weight(2)
    @number("9.1")
    @tags("augment", "draws")
    def test_turned(self) -> None:
        """augment: angles are uniform between -15 and 15 degrees."""
        self.assert_replies_match(PLAIN, keys=["turned"], views={"turned": in_quarters})

    @plain
    @weight(2)
    @number("9.2")
    @tags("augment", "draws")
    def test_shifted(self) -> None:
        """augment: shifts down and to the right are uniform between -2 and 2 pixels."""
        views = {"down": in_quarters, "right": in_quarters}
        self.assert_replies_match(PLAIN, keys=["down", "right"], views=views)

    @weight(1)
    @number("9.3")
    @tags("augment", "draws")
    def test_together(self) -> None:
        """augment: angle, shift down and shift to the right of an image are drawn independently."""
        self.assert_replies_match(augment_case(92, 400), keys=["together"], views={"together": in_thirds})

    @weight(1)
    @number("9.4")
    @tags("augment", "draws")
    def test_own(self) -> None:
        """augment: every image moves in its own way."""
        self.assert_fact(
            augment_case(93, 60), key="own", message="Some images of a batch move in the same way."
        )

    @weight(1)
    @number("9.5")
    @tags("augment", "draws")
    def test_generator(self) -> None:
        """augment draws with the generator that it is given, and with no other one."""
        for key, message in DRAWS.items():
            with self.subTest():
                self.assert_fact(augment_case(94, 30), key=key, message=message)

    @weight(1)
    @number("9.6")
    @tags("augment", "value")
    def test_form(self) -> None:
        """augment: shape and type stay, for colours and images that are not square, too; x is unchanged."""
        cases = augment_case(95, 20, (3, 28, 28)), augment_case(96, 20, (1, 32, 40)), augment_case(97, 1)
        self.assert_fact(*cases, key="form", message="Shape or type of the images changed.")
        self.assert_fact(*cases, key="untouched", message="The images that came in are changed.")
        self.assert_fact(
            *cases, key="black", message="What comes in from outside is not black, or pixels leave [0, 1]."
        )
