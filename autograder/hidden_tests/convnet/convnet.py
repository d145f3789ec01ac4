"""ConvNet: the wiring alone. The layers are stand-ins, so that their bugs cost nothing here.

Plain is one batch through a network with one layer of each type.
"""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import CONV, LINEAR, POOL, RELU, convnet_case
from autograder.hidden_tests.plain import plain

FOUR = (CONV, RELU, POOL, LINEAR)
FIVE = (CONV, RELU, CONV, LINEAR, LINEAR)


class TestConvNet(HiddenTestCase):
    """ConvNet, 16 points; 13 of them at the plain configuration."""

    component = "convnet"
    derived: ClassVar = ("input", "dout", "scores", "y")

    @plain
    @weight(3)
    @number("5.1")
    @tags("convnet", "forward")
    def test_layers_in_order(self) -> None:
        """ConvNet.forward: every layer is called once, in order, on the output of the one before."""
        keys = ["forward_order", "input_0", "input_1", "input_2", "input_3"]
        self.assert_replies_match(convnet_case(81, FOUR), keys=keys, exact_shape=True)

    @plain
    @weight(1)
    @number("5.2")
    @tags("convnet", "forward")
    def test_criterion_gets_scores_and_labels(self) -> None:
        """ConvNet.forward: the criterion is given the last layer's output and the labels."""
        self.assert_replies_match(convnet_case(81, FOUR), keys=["scores", "y"])

    @plain
    @weight(2)
    @number("5.3")
    @tags("convnet", "forward")
    def test_returns_probabilities(self) -> None:
        """ConvNet.forward: the first thing returned is the criterion's probabilities, not the scores."""
        cases = [convnet_case(81, FOUR), convnet_case(83, FOUR, given=True)]
        self.assert_replies_match(*cases, keys=["probs"], exact_shape=True)

    @plain
    @weight(2)
    @number("5.4")
    @tags("convnet", "forward")
    def test_returns_loss(self) -> None:
        """ConvNet.forward: the second thing returned is the criterion's loss, one number."""
        cases = [convnet_case(81, FOUR), convnet_case(82, FOUR), convnet_case(83, FOUR, given=True)]
        self.assert_replies_match(*cases, keys=["loss"], exact_shape=True)

    @plain
    @weight(2)
    @number("5.5")
    @tags("convnet", "backward")
    def test_backward_order(self) -> None:
        """ConvNet.backward: the criterion first, then every layer once, last to first."""
        self.assert_replies_match(
            convnet_case(84, FOUR, backward=True), keys=["backward_order"], exact_shape=True
        )

    @plain
    @weight(3)
    @number("5.6")
    @tags("convnet", "backward")
    def test_backward_chain(self) -> None:
        """ConvNet.backward: each layer gets the dx of the layer after it, the last layer the criterion's."""
        keys = ["dout_3", "dout_2", "dout_1", "dout_0"]
        self.assert_replies_match(convnet_case(84, FOUR, backward=True), keys=keys)

    @weight(1)
    @number("5.7")
    @tags("convnet", "backward")
    def test_like_layers(self) -> None:
        """ConvNet: two layers of one type, also in a row, have a turn each, forwards and backwards."""
        keys = [*(f"input_{at}" for at in range(5)), "scores", *(f"dout_{at}" for at in range(5))]
        self.assert_replies_match(convnet_case(85, FIVE, backward=True), keys=keys)

    @weight(1)
    @number("5.8")
    @tags("convnet", "backward")
    def test_again(self) -> None:
        """ConvNet: a second batch gives its own gradients; x and y are unchanged."""
        case = convnet_case(86, FOUR, backward=True, repeats=1)
        self.assert_replies_match(case, keys=["dout_3", "dout_0", "x_after", "y_after"])

    @weight(1)
    @number("5.9")
    @tags("convnet", "forward")
    def test_loss_again(self) -> None:
        """ConvNet: a second batch gives its own loss; nothing accumulates over calls."""
        self.assert_replies_match(convnet_case(86, FOUR, backward=True, repeats=1), keys=["loss"])
