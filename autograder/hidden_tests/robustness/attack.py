"""PGDAttack: on linear networks, where it is known in closed form, and what it owes to the network."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.robustness.cases import (
    PIXEL,
    TOLERANCE,
    attack_case,
    manners_case,
    restarts_case,
)

Settings = tuple[tuple[str, Setting], ...]
FEW: Settings = (("num_steps", 2), ("step_size", 3 * PIXEL))
ONE: Settings = (("num_steps", 1), ("step_size", 8 * PIXEL))
WIDE: Settings = (("num_steps", 8), ("step_size", 0.1), ("epsilon", 0.5), ("lower", -2.0), ("upper", 3.0))
SPREAD: Settings = (("num_steps", 1), ("step_size", 0.5 * PIXEL), ("random_start", True))
LEFT = {
    "evaluated": "The network ran in training mode: dropout and batch statistics then change its scores. "
    "Switch "
    "to eval mode, and back afterwards.",
    "mode": "The network's mode is another one afterwards.",
    "parameters": "The network's parameters are changed.",
    "gradients": "Gradients are left at the network's parameters, where the next training step would add to "
    "them. torch.autograd.grad gives the gradient of the images alone.",
    "statistics": "The statistics of batch normalisation are changed: the network ran in training mode.",
    "images": "The images that came in are changed, or want a gradient now.",
    "is_plain": "The result still is attached to a graph.",
}


def how_far(case: Case, start: Array) -> Array:
    """Return the largest size of the random start in quarters of epsilon, and its mean in halves."""
    return as_fact(case, np.round(start * np.array([4, 2])))


class TestAttack(FactCase):
    """PGDAttack, 24 points; 12 of them for attacks with labels that meet no limit, which is plain."""

    component = "attack"
    axes: ClassVar = {"attacked": ("image", "channel", "row", "column")}

    def _assert_attacked(self, *cases: Case, exact_shape: bool = False) -> None:
        self.assert_replies_match(*cases, keys=["attacked"], tolerance=TOLERANCE, exact_shape=exact_shape)

    @plain
    @weight(8)
    @number("1.1")
    @tags("attack", "forward")
    def test_with_labels(self) -> None:
        """PGDAttack with labels: every pixel goes epsilon up the loss of the true label."""
        self._assert_attacked(attack_case(11, classes=2), attack_case(12, settings=ONE), exact_shape=True)

    @plain
    @weight(4)
    @number("1.2")
    @tags("attack", "forward")
    def test_few_steps(self) -> None:
        """PGDAttack: a step moves every pixel by step_size, whatever the size of its gradient."""
        self._assert_attacked(attack_case(13, classes=2, settings=FEW), attack_case(14, settings=FEW))

    @weight(3)
    @number("1.3")
    @tags("attack", "forward")
    def test_least_likely(self) -> None:
        """PGDAttack without labels: the loss of the least likely label falls, image by image."""
        cases = [attack_case(15, labels=False), attack_case(16, (5, 3, 3, 4), labels=False, classes=5)]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="moved",
                message="Without labels, the loss of the label that the network finds least likely should "
                "fall for every image, so that the network predicts that label.",
            )
        with self.subTest():
            self._assert_attacked(*cases)

    @weight(2)
    @number("1.4")
    @tags("attack", "forward")
    def test_projection(self) -> None:
        """PGDAttack: no pixel is further than epsilon from where it was at first."""
        long: Settings = (("num_steps", 7), ("step_size", 3 * PIXEL), ("epsilon", 5 * PIXEL))
        cases = [attack_case(17, settings=long), attack_case(18, classes=2, settings=long)]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="inside",
                message="Some pixels are further than epsilon from the image that came in, or outside of "
                "[lower, "
                "upper].",
            )
        with self.subTest():
            self._assert_attacked(*cases)

    @weight(2)
    @number("1.5")
    @tags("attack", "forward")
    def test_box(self) -> None:
        """PGDAttack: no pixel leaves [lower, upper], whether that is [0, 1] or another range."""
        other: Settings = (("lower", -1.0), ("upper", 2.0), ("epsilon", 0.2), ("step_size", 0.1))
        cases = [attack_case(19, edges=True), attack_case(20, edges=True, settings=other)]
        with self.subTest():
            self.assert_fact(
                *cases,
                key="inside",
                message="Some pixels of the attacked images are outside of [lower, upper].",
            )
        with self.subTest():
            self._assert_attacked(*cases)

    @weight(1)
    @number("1.6")
    @tags("attack", "forward")
    def test_label_is_chosen_once(self) -> None:
        """PGDAttack without labels: in every step the target is the least likely label of the clean image."""
        self._assert_attacked(*(attack_case(seed, labels=False, settings=WIDE) for seed in (21, 22)))

    @weight(1)
    @number("1.7")
    @tags("attack", "forward")
    def test_edge_cases(self) -> None:
        """PGDAttack: a single image, and epsilon 0, which returns the image unchanged."""
        nothing: Settings = (("epsilon", 0.0),)
        self._assert_attacked(attack_case(23, (1, 3, 4, 5)), attack_case(24, settings=nothing))
        self.assert_replies_match(attack_case(24, settings=nothing), keys=["x_after"])

    @weight(1)
    @number("1.8")
    @tags("attack", "forward")
    def test_manners(self) -> None:
        """PGDAttack: the network runs in eval mode; it and the images are unchanged afterwards."""
        cases = [manners_case("attack", training=training) for training in (True, False)]
        for key, message in LEFT.items():
            with self.subTest():
                self.assert_fact(*cases, key=key, message=message)

    @weight(1)
    @number("1.9")
    @tags("attack", "forward")
    def test_random_start(self) -> None:
        """PGDAttack with a random start: drawn uniformly from the whole cube, and inside it at the end."""
        case = attack_case(25, (4, 3, 6, 7), classes=2, settings=SPREAD)
        with self.subTest():
            self.assert_fact(case, key="inside", message="With a random start some pixels leave the cube.")
        with self.subTest():
            self.assert_replies_match(case, keys=["start"], views={"start": how_far})

    @weight(1)
    @number("1.10")
    @tags("attack", "forward")
    def test_restarts(self) -> None:
        """PGDAttack with restarts: for every image the most harmful attempt is kept."""
        case = restarts_case(8, restarts=30)
        self.assert_fact(
            case,
            key="on_top",
            message="The most harmful of 30 attempts is not kept for every image. Compare the losses image "
            "by image.",
        )
