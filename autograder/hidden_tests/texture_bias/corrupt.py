"""corrupt: exact where nothing is random; of noise, what holds for every draw."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.texture_bias.cases import TOLERANCE, corruption_case, noise_case
from autograder.hidden_tests.texture_bias.stylise import DRAWS

EXACT = ("gaussian_blur", "contrast", "brightness", "pixelate")
NOISES = ("gaussian_noise", "impulse_noise")


def in_eighths(case: Case, size: Array) -> Array:
    """Return a size that varies a little with the draw, rounded to eighths."""
    return as_fact(case, np.round(8 * size) + 0.0)


def in_channels(case: Case, share: Array) -> Array:
    """Return how many of an image's three channels have noise that is their own alone."""
    return as_fact(case, np.round(3 * share))


class TestCorrupt(FactCase):
    """corrupt, 16 points; 9 of them for severity 3 of what is not random, and for the noises' size."""

    component = "corrupt"
    axes: ClassVar = {"out": ("image", "channel", "row", "column")}

    def _assert_out(self, *cases: Case, exact_shape: bool = False) -> None:
        self.assert_replies_match(*cases, keys=["out"], tolerance=TOLERANCE, exact_shape=exact_shape)

    @plain
    @weight(2)
    @number("4.1")
    @tags("corrupt", "value")
    def test_brightness_and_contrast(self) -> None:
        """corrupt, brightness and contrast at severity 3."""
        self._assert_out(corruption_case(41, "brightness"), corruption_case(42, "contrast"), exact_shape=True)

    @plain
    @weight(1)
    @number("4.2")
    @tags("corrupt", "value")
    def test_blur(self) -> None:
        """corrupt, gaussian_blur at severity 3."""
        self._assert_out(corruption_case(43, "gaussian_blur"))

    @plain
    @weight(2)
    @number("4.3")
    @tags("corrupt", "value")
    def test_pixelate(self) -> None:
        """corrupt, pixelate at severity 3."""
        self._assert_out(corruption_case(44, "pixelate"))

    @plain
    @weight(2)
    @number("4.4")
    @tags("corrupt", "noise")
    def test_gaussian_noise(self) -> None:
        """corrupt, gaussian_noise: its standard deviation, relative to the strength, and its mean."""
        self._assert_noise(noise_case(45, "gaussian_noise", 2))

    @plain
    @weight(2)
    @number("4.5")
    @tags("corrupt", "noise")
    def test_impulse_noise(self) -> None:
        """corrupt, impulse_noise: the share of changed values, relative to the strength; half are 1."""
        self._assert_noise(noise_case(46, "impulse_noise", 4), further=("other",))

    def _assert_noise(self, case: Case, further: tuple[str, ...] = ()) -> None:
        keys = ("size", "side", *further)
        self.assert_replies_match(case, keys=keys, views=dict.fromkeys(keys, in_eighths))

    @weight(2)
    @number("4.6")
    @tags("corrupt", "value")
    def test_severities(self) -> None:
        """corrupt: the first and the last severity."""
        self._assert_out(*(corruption_case(47, name, level) for name in EXACT for level in (1, 5)))

    @weight(1)
    @number("4.7")
    @tags("corrupt", "noise")
    def test_own_noise(self) -> None:
        """corrupt: every channel of every image gets its own noise."""
        cases = [noise_case(48, name, 4) for name in NOISES]
        self.assert_replies_match(*cases, keys=["own"], views={"own": in_channels})

    @weight(1)
    @number("4.8")
    @tags("corrupt", "noise")
    def test_generator(self) -> None:
        """corrupt draws noise with the generator that it is given, and with no other one."""
        cases = [noise_case(49, name, 4, images=2, side=8) for name in NOISES]
        for key in ("steady", "fresh", "moves", "alone"):
            with self.subTest():
                self.assert_fact(*cases, key=key, message=DRAWS[key])

    @weight(1)
    @number("4.9")
    @tags("corrupt", "value")
    def test_box(self) -> None:
        """corrupt: the result is cut to [0, 1]."""
        with self.subTest():
            self._assert_out(corruption_case(50, "brightness", bright=0.3))
        with self.subTest():
            self.assert_fact(
                corruption_case(51, "gaussian_noise", 5),
                key="inside",
                message="With noise some pixels are below 0 or above 1. Cut the result to [0, 1].",
            )

    @weight(1)
    @number("4.10")
    @tags("corrupt", "value")
    def test_not_square(self) -> None:
        """corrupt: one image alone that is not square."""
        self._assert_out(*(corruption_case(52, name, shape=(1, 3, 10, 14)) for name in EXACT))

    @weight(1)
    @number("4.11")
    @tags("corrupt", "value")
    def test_images_stay(self) -> None:
        """corrupt: the images that come in stay as they are."""
        cases = [corruption_case(53, name) for name in (*EXACT, *NOISES)]
        self.assert_replies_match(*cases, keys=["x_after"])
