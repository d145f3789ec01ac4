"""SGD: momentum, L2 and velocities over several updates, on stand-in layers with given gradients.

Plain is one layer at a constant learning rate without L2, for one step and with momentum for several.
"""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Case
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import sgd_case
from autograder.hidden_tests.plain import plain

ONE = (("Linear", (4, 3)),)
SPARSE = (("Conv2D", (3, 2, 2, 2)), ("ReLU", ()), ("Linear", (4, 3)), ("MaxPooling", ()), ("Linear", (3, 5)))
ALIKE = (("Linear", (4, 3)), ("Linear", (3, 5)), ("Linear", (4, 3)))


def parameters(case: Case, kind: str) -> list[str]:
    """Return the names of all `kind` ("weight" or "bias") after all steps of `case`."""
    owners = [index for index in range(len(SPARSE)) if f"{kind}_{index}" in case.arrays]
    steps = case.settings["steps"]
    assert isinstance(steps, int)
    return [f"{kind}_{index}_{step}" for step in range(steps) for index in owners]


class TestSGD(HiddenTestCase):
    """SGD, 18 points; 9 of them at the plain configuration."""

    component = "sgd"

    @plain
    @weight(5)
    @number("6.1")
    @tags("sgd", "update")
    def test_one_step(self) -> None:
        """SGD.update: one step for weight and bias, without momentum and without L2."""
        self.assert_replies_match(sgd_case(91, ONE), keys=["weight_0_0", "bias_0_0"], exact_shape=True)

    @weight(2)
    @number("6.2")
    @tags("sgd", "update")
    def test_every_layer(self) -> None:
        """SGD.update: every layer with parameters is updated; layers without are skipped."""
        self._assert_parameters(sgd_case(92, SPARSE, learning_rates=[0.25]))

    @plain
    @weight(4)
    @number("6.3")
    @tags("sgd", "update")
    def test_momentum(self) -> None:
        """SGD.update: momentum over four updates of one layer, weights and biases."""
        self._assert_parameters(sgd_case(93, ONE, steps=4, momentum=0.8))

    @weight(2)
    @number("6.4")
    @tags("sgd", "update")
    def test_changing_learning_rate(self) -> None:
        """SGD.update: momentum over four updates while the learning rate changes."""
        rates = [0.8, 0.4, 0.6, 0.1]
        self._assert_parameters(sgd_case(94, ONE, steps=4, momentum=0.7, learning_rates=rates))

    @weight(2)
    @number("6.5")
    @tags("sgd", "update")
    def test_velocities_apart(self) -> None:
        """SGD.update: three layers, two of them alike; each has its own velocities."""
        self._assert_parameters(sgd_case(95, ALIKE, steps=3, momentum=0.9))

    @weight(1)
    @number("6.6")
    @tags("sgd", "update")
    def test_l2_on_weights(self) -> None:
        """SGD.update: L2 (reg) is applied to the weights once per update; no momentum."""
        case = sgd_case(96, ONE, steps=2, reg=0.3)
        self.assert_replies_match(case, keys=parameters(case, "weight"))

    @weight(1)
    @number("6.7")
    @tags("sgd", "update")
    def test_l2_with_momentum(self) -> None:
        """SGD.update: L2 on the weights is part of the gradient, and so of the velocity."""
        case = sgd_case(97, ONE, steps=3, momentum=0.6, reg=0.3)
        self.assert_replies_match(case, keys=parameters(case, "weight"))

    @weight(1)
    @number("6.8")
    @tags("sgd", "update")
    def test_no_l2_on_biases(self) -> None:
        """SGD.update: L2 is not applied to the biases."""
        case = sgd_case(96, ONE, steps=2, reg=0.3)
        self.assert_replies_match(case, keys=parameters(case, "bias"))

    def _assert_parameters(self, case: Case) -> None:
        self.assert_replies_match(case, keys=[*parameters(case, "weight"), *parameters(case, "bias")])
