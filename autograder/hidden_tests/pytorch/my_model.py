"""MyModel: what holds for every good network, whatever it is made of."""

from __future__ import annotations

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import my_model_case
from autograder.hidden_tests.pytorch.known_networks import network_of


def is_reached(case: Case, count: Array) -> Array:
    """Return whether there is any parameter without a gradient: how many there are is the student's."""
    return as_fact(case, np.asarray(count > 0))


def own_size(case: Case, count: Array) -> Array:
    """Return the number of parameters where it is a known network's, 0 for a network of your own."""
    return as_fact(case, np.asarray(int(count) if network_of(int(count)) else 0))


class TestMyModel(FactCase):
    """MyModel, 5 points; 3 of them at the plain configuration, which is training mode.

    What is asked for are facts, which a worker could state without a model. So every test first asks whether
    the scores follow the images, which only a computation can achieve.
    """

    component = "my_model"
    case = my_model_case(31)

    @plain
    @weight(1)
    @number("3.1")
    @tags("my_model", "forward")
    def test_shape(self) -> None:
        """MyModel: images (N, 3, 32, 32) become scores (N, 10), all of them finite."""
        with self.subTest():
            self.assert_computed(self.case, key="distances")
        with self.subTest():
            self.assert_replies_match(self.case, keys=["shape"], views={"shape": as_fact})
        with self.subTest():
            self.assert_fact(self.case, key="finite", message="Some of the scores are NaN or infinite.")

    @plain
    @weight(1)
    @number("3.2")
    @tags("my_model", "backward")
    def test_gradients(self) -> None:
        """MyModel: every trainable parameter gets a finite gradient."""
        with self.subTest():
            self.assert_computed(self.case, key="distances")
        count = int(self.answer(self.case, "unreached", view=is_reached))
        self.assertEqual(
            count, 0, f"{count} parameters that are to be trained get no gradient, or one that is not finite."
        )

    @weight(1)
    @number("3.3")
    @tags("my_model", "forward")
    def test_repeatable(self) -> None:
        """MyModel, eval mode: the same images always get the same scores, and no statistics change."""
        with self.subTest():
            self.assert_computed(self.case, key="distances")
        with self.subTest():
            self.assert_fact(
                self.case,
                key="repeatable",
                message="In eval mode the same images get different scores every time.",
            )
        with self.subTest():
            self.assert_fact(
                self.case,
                key="unchanged",
                message="A pass in eval mode changes parameters or running statistics.",
            )

    @weight(1)
    @number("3.4")
    @tags("my_model", "forward")
    def test_independent(self) -> None:
        """MyModel, eval mode: an image's scores do not depend on the others in its batch."""
        with self.subTest():
            self.assert_computed(self.case, key="distances")
        self.assert_fact(
            self.case,
            key="independent",
            message="In eval mode the scores of an image depend on the other images in its batch.",
        )

    @plain
    @weight(1)
    @number("3.5")
    @tags("my_model", "forward")
    def test_of_ones_own(self) -> None:
        """MyModel: your own network, not an unchanged copy of a well-known one."""
        with self.subTest():
            self.assert_computed(self.case, key="distances")
        count = int(self.answer(self.case, "parameters", view=own_size))
        self.assertGreater(count, 0, "There is nothing in it that could be trained.")
        name = network_of(count)
        self.assertEqual(
            name, "", f"With {count:,} parameters this looks like {name} as it is; design your own."
        )
