"""batches_by_size: all images once, one size per batch, and both images and batches shuffled."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import batches_case
from autograder.hidden_tests.resolution.multi_resolution import DRAWS

PLAIN = batches_case(81, (40, 40, 40), 8)


class TestBatches(FactCase):
    """batches_by_size, 9 points; 5 of them where batches divide each of three groups, which is plain."""

    component = "batches_by_size"
    derived = ("lengths",)

    @plain
    @weight(2)
    @number("8.1")
    @tags("batches_by_size", "value")
    def test_batches(self) -> None:
        """batches_by_size: batches of eight images of one size, all images once."""
        self.assert_fact(PLAIN, key="of_one", message="Some batches have more images than labels, or fewer.")
        self.assert_fact(PLAIN, key="whole", message="Some images are missing, or are there twice.")
        self.assert_replies_match(PLAIN, keys=["lengths"], views={"lengths": as_fact})

    @plain
    @weight(2)
    @number("8.2")
    @tags("batches_by_size", "value")
    def test_labels(self) -> None:
        """batches_by_size: every image comes with its label."""
        self.assert_fact(
            PLAIN, key="labels", message="Some labels are not those of the images at their places."
        )

    @plain
    @weight(1)
    @number("8.3")
    @tags("batches_by_size", "draws")
    def test_shuffled(self) -> None:
        """batches_by_size: the images of every group are shuffled."""
        self.assert_fact(PLAIN, key="order", message="The images of a group come in the order of the group.")

    @weight(1.5)
    @number("8.4")
    @tags("batches_by_size", "draws")
    def test_mixed(self) -> None:
        """batches_by_size: batches of different sizes come in random order."""
        self.assert_fact(
            PLAIN,
            batches_case(82, (40, 24, 32), 4),
            key="mixed",
            message="Batches of different sizes should come in random order, not one size after the other, "
            "and not taking turns.",
        )

    @weight(1)
    @number("8.5")
    @tags("batches_by_size", "value")
    def test_leftover(self) -> None:
        """batches_by_size: the last batch of a group may be smaller; groups of different lengths."""
        cases = batches_case(83, (41, 27, 5), 8), batches_case(84, (10, 30), 16, (5, 9))
        self.assert_replies_match(*cases, keys=["lengths"], views={"lengths": as_fact})
        self.assert_fact(*cases, key="whole", message="Some images are missing, or are there twice.")

    @weight(0.5)
    @number("8.6")
    @tags("batches_by_size", "draws")
    def test_own_order(self) -> None:
        """batches_by_size: every group has an order of its own; the groups are unchanged."""
        case = batches_case(85, (40, 40, 40), 8)
        self.assert_fact(case, key="own", message="Groups of the same length are shuffled in the same way.")
        self.assert_fact(case, key="untouched", message="The images of the groups are changed.")

    @weight(1)
    @number("8.7")
    @tags("batches_by_size", "draws")
    def test_generator(self) -> None:
        """batches_by_size draws with the generator that it is given, and with no other one."""
        for key, message in DRAWS.items():
            with self.subTest():
                self.assert_fact(batches_case(86, (50, 40, 30), 8), key=key, message=message)
