"""ReLU: which entries pass, forwards and backwards. Plain are entries of the order of 1, in one call."""

from __future__ import annotations

from typing import ClassVar

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.observation import present
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import relu_case
from autograder.hidden_tests.plain import plain


class TestReLU(HiddenTestCase):
    """ReLU, 6 points: 3 forward, 3 backward; 3 of them at the plain configuration."""

    component = "relu"
    axes: ClassVar = dict.fromkeys(("x", "dx", "out", "dout"), ("sample",))

    @plain
    @weight(2)
    @number("3.1")
    @tags("relu", "forward")
    def test_forward(self) -> None:
        """ReLU.forward: negative entries become 0, positive ones stay, in arrays of 2 and of 4 axes."""
        self.assert_replies_match(
            relu_case(61, (4, 5)), relu_case(62, (2, 3, 4, 4)), keys=["out"], exact_shape=True
        )

    @plain
    @weight(1)
    @number("3.2")
    @tags("relu", "backward")
    def test_dx(self) -> None:
        """ReLU.backward: dout passes where x is positive and nowhere else."""
        cases = [relu_case(64, (4, 5), backward=True), relu_case(65, (2, 3, 4, 4), backward=True)]
        self.assert_replies_match(*cases, keys=["dx"], exact_shape=True)

    @weight(0.5)
    @number("3.3")
    @tags("relu", "forward")
    def test_forward_large(self) -> None:
        """ReLU.forward: large positive entries stay as they are."""
        self.assert_replies_match(relu_case(66, (8, 9), scale=10.0), keys=["out"])

    @weight(0.5)
    @number("3.4")
    @tags("relu", "forward")
    def test_forward_changes_nothing(self) -> None:
        """ReLU.forward does not change x."""
        case = relu_case(63, (1, 2, 3, 4))
        self.assert_replies_match(case, keys=["out", "x_after"], views={"out": present}, exact_shape=True)

    @weight(0.5)
    @number("3.5")
    @tags("relu", "backward")
    def test_dx_large(self) -> None:
        """ReLU.backward: large gradients pass as they are, and pass large entries."""
        self.assert_replies_match(relu_case(69, (8, 9), scale=10.0, backward=True), keys=["dx"])

    @weight(1)
    @number("3.6")
    @tags("relu", "backward")
    def test_backward_again(self) -> None:
        """ReLU.backward uses the last forward call; nothing is left over from earlier ones."""
        self.assert_replies_match(relu_case(67, (3, 4), backward=True, repeats=2), keys=["dx"])

    @weight(0.5)
    @number("3.7")
    @tags("relu", "backward")
    def test_backward_changes_nothing(self) -> None:
        """ReLU.backward does not change x or dout."""
        case = relu_case(68, (3, 5), backward=True)
        self.assert_replies_match(case, keys=["dx", "x_after", "dout_after"], views={"dx": present})
