"""robust_accuracy: a share of images, whatever the batches."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.robustness.cases import evaluation_case


class TestEvaluation(FactCase):
    """robust_accuracy, 4 points; 2 of them for batches of one size, which is plain."""

    component = "evaluation"

    @plain
    @weight(2)
    @number("2.1")
    @tags("evaluation", "forward")
    def test_value(self) -> None:
        """robust_accuracy: the share of attacked images that are classified correctly."""
        cases = [evaluation_case(31, 40, 10), evaluation_case(32, 24, 8)]
        self.assert_replies_match(*cases, keys=["accuracy"], views={"accuracy": as_fact})

    @weight(1)
    @number("2.2")
    @tags("evaluation", "forward")
    def test_last_batch(self) -> None:
        """robust_accuracy: the last batch may be smaller, and its images count the same."""
        case = evaluation_case(33, 23, 10)
        views = {"accuracy": as_fact, "sizes": as_fact}
        self.assert_replies_match(case, keys=["accuracy", "sizes"], views=views)

    @weight(1)
    @number("2.3")
    @tags("evaluation", "forward")
    def test_labels(self) -> None:
        """robust_accuracy: the attack is given the true labels."""
        self.assert_fact(
            evaluation_case(34, 12, 5),
            key="labels",
            message="The attack did not get the true labels of all images: without them it is a different "
            "attack.",
        )
