"""ConvNet: the wiring alone. The layers are stand-ins, so that their bugs cost nothing here."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import CONV, LINEAR, POOL, RELU, convnet_case

FOUR = (CONV, RELU, POOL, LINEAR)
FIVE = (CONV, RELU, CONV, LINEAR, LINEAR)


class TestConvNet(HiddenTestCase):
    """ConvNet, 16 points: 8 forward, 8 backward."""

    component = "convnet"
    derived: ClassVar = ("input", "dout", "scores", "y")

    @weight(3)
    @number("5.1")
    @tags("convnet", "forward")
    def test_layers_in_order(self) -> None:
        """ConvNet.forward: every layer is called once, in order, on the output of the one before."""
        keys = ["forward_order", "input_0", "input_1", "input_2", "input_3"]
        self.assert_replies_match(convnet_case(81, FOUR), keys=keys)

    @weight(1)
    @number("5.2")
    @tags("convnet", "forward")
    def test_criterion_gets_scores_and_labels(self) -> None:
        """ConvNet.forward: the criterion is given the last layer's output and the labels."""
        self.assert_replies_match(convnet_case(82, FIVE), keys=["scores", "y"])

    @weight(2)
    @number("5.3")
    @tags("convnet", "forward")
    def test_returns_probabilities(self) -> None:
        """ConvNet.forward: the first thing returned is the criterion's probabilities, not the scores."""
        cases = [convnet_case(82, FIVE), convnet_case(83, FOUR, given=True)]
        self.assert_replies_match(*cases, keys=["probs"])

    @weight(2)
    @number("5.4")
    @tags("convnet", "forward")
    def test_returns_loss(self) -> None:
        """ConvNet.forward: the second thing returned is the criterion's loss, one number."""
        cases = [convnet_case(82, FIVE), convnet_case(81, FOUR), convnet_case(83, FOUR, given=True)]
        self.assert_replies_match(*cases, keys=["loss"])

    @weight(3)
    @number("5.5")
    @tags("convnet", "backward")
    def test_backward_order(self) -> None:
        """ConvNet.backward: the criterion first, then every layer once, last to first."""
        cases = [convnet_case(84, FOUR, backward=True), convnet_case(85, FIVE, backward=True)]
        self.assert_replies_match(*cases, keys=["backward_order"])

    @weight(4)
    @number("5.6")
    @tags("convnet", "backward")
    def test_backward_chain(self) -> None:
        """ConvNet.backward: each layer gets the dx of the layer after it, the last layer the criterion's."""
        keys = ["dout_3", "dout_2", "dout_1", "dout_0"]
        self.assert_replies_match(convnet_case(84, FOUR, backward=True), keys=keys)

    @weight(1)
    @number("5.7")
    @tags("convnet", "backward")
    def test_again(self) -> None:
        """ConvNet: a second batch gives its own loss and gradients; x and y are unchanged."""
        case = convnet_case(86, FIVE, backward=True, repeats=1)
        self.assert_replies_match(case, keys=["probs", "loss", "dout_4", "dout_0", "x_after", "y_after"])
