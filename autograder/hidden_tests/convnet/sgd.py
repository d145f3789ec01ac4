"""SGD: momentum, L2 and velocities over several updates, on stand-in layers with given gradients."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Case
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import sgd_case

ONE = (("Linear", (4, 3)),)
# Two layers of the same type and shape in a row, and layers without parameters between and behind them.
MIXED = (("Conv2D", (3, 2, 2, 2)), ("ReLU", ()), ("Linear", (4, 3)), ("MaxPooling", ()), ("Linear", (4, 3)))


def parameters(case: Case, kind: str) -> list[str]:
    """Return the names of all `kind` ("weight" or "bias") after all steps of `case`."""
    owners = [index for index in range(len(MIXED)) if f"{kind}_{index}" in case.arrays]
    steps = case.settings["steps"]
    assert isinstance(steps, int)
    return [f"{kind}_{index}_{step}" for step in range(steps) for index in owners]


class TestSGD(HiddenTestCase):
    """SGD, 18 points."""

    component = "sgd"

    @weight(3)
    @number("6.1")
    @tags("sgd", "update")
    def test_one_step(self) -> None:
        """SGD.update: one step for weight and bias, without momentum and without L2."""
        self.assert_replies_match(sgd_case(91, ONE), keys=["weight_0_0", "bias_0_0"])

    @weight(2)
    @number("6.2")
    @tags("sgd", "update")
    def test_every_layer(self) -> None:
        """SGD.update: every layer with parameters is updated; layers without are skipped."""
        case = sgd_case(92, MIXED, learning_rates=[0.25])
        self.assert_replies_match(case, keys=[*parameters(case, "weight"), *parameters(case, "bias")])

    @weight(3)
    @number("6.3")
    @tags("sgd", "update")
    def test_momentum(self) -> None:
        """SGD.update: momentum over four updates of one layer, weights and biases."""
        case = sgd_case(93, ONE, steps=4, momentum=0.8)
        self.assert_replies_match(case, keys=[*parameters(case, "weight"), *parameters(case, "bias")])

    @weight(3)
    @number("6.4")
    @tags("sgd", "update")
    def test_changing_learning_rate(self) -> None:
        """SGD.update: momentum over four updates while the learning rate changes."""
        case = sgd_case(94, ONE, steps=4, momentum=0.7, learning_rates=[0.8, 0.4, 0.6, 0.1])
        self.assert_replies_match(case, keys=[*parameters(case, "weight"), *parameters(case, "bias")])

    @weight(3)
    @number("6.5")
    @tags("sgd", "update")
    def test_velocities_apart(self) -> None:
        """SGD.update: three layers, two of them alike; each has its own velocities."""
        case = sgd_case(95, MIXED, steps=4, momentum=0.9, learning_rates=[0.5, 0.45, 0.4, 0.35])
        self.assert_replies_match(case, keys=[*parameters(case, "weight"), *parameters(case, "bias")])

    @weight(2)
    @number("6.6")
    @tags("sgd", "update")
    def test_l2_on_weights(self) -> None:
        """SGD.update: L2 (reg) is applied to the weights once per update; momentum over three updates."""
        case = sgd_case(96, MIXED, steps=3, momentum=0.6, reg=0.3, learning_rates=[0.5])
        self.assert_replies_match(case, keys=parameters(case, "weight"))

    @weight(2)
    @number("6.7")
    @tags("sgd", "update")
    def test_no_l2_on_biases(self) -> None:
        """SGD.update: L2 is not applied to the biases."""
        case = sgd_case(96, MIXED, steps=3, momentum=0.6, reg=0.3, learning_rates=[0.5])
        self.assert_replies_match(case, keys=parameters(case, "bias"))
