"""fast_adversarial_step: without noise in closed form; with noise, what holds for every draw."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.robustness.cases import PIXEL, TOLERANCE, step_case

Settings = tuple[tuple[str, Setting], ...]
QUIET: Settings = (("noise", 0.0),)
CLIPPED: Settings = (("noise", 1.0), ("clip", True), ("alpha", 10 * PIXEL))


def after(names: tuple[str, ...], steps: int = 1) -> list[str]:
    """Return the keys of `names` after each step."""
    return [f"{name}_{step}" for step in range(steps) for name in names]


def noise_in_words(case: Case, noise: Array) -> Array:
    """Return what does not depend on the draw: sizes in parts of epsilon, and whether all values differ."""
    sizes = np.round(noise[:3] * np.array([4, 2, 2])) + 0.0  # no -0
    return as_fact(case, np.array([*sizes, noise[3] > 0.9, noise[4]]))


def sixteenths(case: Case, widest: Array) -> Array:
    """Return the largest distance from the image in sixteenths of epsilon."""
    return as_fact(case, np.round(16 * widest))


class TestStep(FactCase):
    """fast_adversarial_step, 14 points; 7 of them for one step without noise, which is plain."""

    component = "adversarial_step"

    @plain
    @weight(3)
    @number("4.1")
    @tags("adversarial_step", "update")
    def test_attacked(self) -> None:
        """fast_adversarial_step without noise: the network learns from images + alpha * sign(gradient)."""
        cases = [step_case(51, settings=QUIET), step_case(52, settings=(*QUIET, ("alpha", 5 * PIXEL)))]
        self.assert_replies_match(*cases, keys=["attacked_0"], tolerance=TOLERANCE, exact_shape=True)

    @plain
    @weight(4)
    @number("4.2")
    @tags("adversarial_step", "update")
    def test_update(self) -> None:
        """fast_adversarial_step without noise: loss and parameters after one step."""
        case = step_case(53, settings=QUIET)
        self.assert_replies_match(
            case, keys=after(("loss", "weight", "bias")), tolerance=TOLERANCE, exact_shape=True
        )

    @weight(1)
    @number("4.3")
    @tags("adversarial_step", "update")
    def test_two_updates(self) -> None:
        """fast_adversarial_step: old gradients do not add up, and mode and graph are right."""
        case = step_case(54, steps=2, settings=QUIET)
        with self.subTest():
            self.assert_replies_match(case, keys=after(("weight", "bias"), 2), tolerance=TOLERANCE)
        with self.subTest():
            self.assert_fact(
                case, key="training_1", message="The network is no longer in training mode afterwards."
            )
        with self.subTest():
            self.assert_fact(
                case, key="is_plain_0", message="The loss is still attached to a graph: detach it."
            )

    @weight(3)
    @number("4.4")
    @tags("adversarial_step", "update")
    def test_noise(self) -> None:
        """fast_adversarial_step: noise of 2 epsilon stays in the image, and the gradient is taken there."""
        cases = [step_case(55, images=8), step_case(56, images=8, settings=(("noise", 1.0),))]
        self.assert_replies_match(*cases, keys=["noise_0"], views={"noise_0": noise_in_words})

    @weight(2)
    @number("4.5")
    @tags("adversarial_step", "update")
    def test_clip(self) -> None:
        """fast_adversarial_step: with clip no pixel is further than epsilon away; without it may be."""
        cases = [step_case(57, images=20, settings=CLIPPED), step_case(58, images=20)]
        self.assert_replies_match(*cases, keys=["widest_0"], views={"widest_0": sixteenths})

    @weight(1)
    @number("4.6")
    @tags("adversarial_step", "update")
    def test_box(self) -> None:
        """fast_adversarial_step: no pixel leaves [0, 1]."""
        case = step_case(59, edges=True, settings=(("noise", 0.0), ("alpha", 0.3)))
        self.assert_replies_match(case, keys=["attacked_0"], tolerance=TOLERANCE)
