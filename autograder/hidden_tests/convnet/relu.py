"""ReLU: which entries pass, forwards and backwards."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase, shape_of
from autograder.hidden_tests.convnet.cases import relu_case


class TestReLU(HiddenTestCase):
    """ReLU, 6 points: 3 forward, 3 backward."""

    component = "relu"
    axes: ClassVar = dict.fromkeys(("x", "dx", "out", "dout"), ("sample",))

    @weight(2)
    @number("3.1")
    @tags("relu", "forward")
    def test_forward(self) -> None:
        """ReLU.forward: negative entries become 0, positive ones stay, in arrays of 2 and of 4 axes."""
        cases = [relu_case(61, (4, 5)), relu_case(62, (2, 3, 4, 5)), relu_case(68, (8, 9), scale=10.0)]
        self.assert_replies_match(*cases, keys=["out"])

    @weight(1)
    @number("3.2")
    @tags("relu", "forward")
    def test_forward_changes_nothing(self) -> None:
        """ReLU.forward does not change x."""
        self.assert_replies_match(
            relu_case(63, (1, 2, 3, 4)), keys=["out", "x_after"], views={"out": shape_of}
        )

    @weight(1)
    @number("3.3")
    @tags("relu", "backward")
    def test_dx(self) -> None:
        """ReLU.backward: dout passes where x is positive and nowhere else."""
        cases = [relu_case(64, (4, 5), backward=True), relu_case(65, (2, 3, 4, 5), backward=True)]
        cases.append(relu_case(69, (8, 9), scale=10.0, backward=True))
        self.assert_replies_match(*cases, keys=["dx"])

    @weight(1)
    @number("3.4")
    @tags("relu", "backward")
    def test_backward_again(self) -> None:
        """ReLU.backward uses the last forward call; nothing is left over from earlier ones."""
        self.assert_replies_match(relu_case(66, (3, 4), backward=True, repeats=2), keys=["dx"])

    @weight(1)
    @number("3.5")
    @tags("relu", "backward")
    def test_backward_changes_nothing(self) -> None:
        """ReLU.backward does not change x or dout."""
        self.assert_replies_match(
            relu_case(67, (3, 5), backward=True), keys=["dx", "x_after", "dout_after"], views={"dx": shape_of}
        )
