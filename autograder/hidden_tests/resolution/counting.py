"""count_parameters and width_for: how many parameters, and for which width as many as wanted."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.facts import FactCase
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.resolution.cases import counts_case, widths_case


class TestCounting(FactCase):
    """count_parameters, 2 points; most of them for linear layers, which is plain."""

    component = "count_parameters"
    derived = ("counts",)

    @plain
    @weight(1.25)
    @number("3.1")
    @tags("count_parameters", "value")
    def test_linear(self) -> None:
        """count_parameters of eight networks of two to five linear layers: weights and biases."""
        self.assert_replies_match(counts_case(31), keys=["counts"])

    @weight(0.25)
    @number("3.2")
    @tags("count_parameters", "value")
    def test_frozen(self) -> None:
        """count_parameters: frozen parameters count, too."""
        self.assert_replies_match(counts_case(32, frozen=True), keys=["counts"])

    @weight(0.25)
    @number("3.3")
    @tags("count_parameters", "value")
    def test_buffers(self) -> None:
        """count_parameters: the statistics of batch normalisation are not parameters."""
        self.assert_replies_match(counts_case(33, buffers=True), keys=["counts"])

    @weight(0.25)
    @number("3.4")
    @tags("count_parameters", "value")
    def test_shared(self) -> None:
        """count_parameters: a weight that two layers share counts once."""
        self.assert_replies_match(counts_case(34, shared=True), keys=["counts"])


class TestWidth(FactCase):
    """width_for, 4 points; most of them where a network has exactly the target, which is plain."""

    component = "width_for"
    derived = ("widths",)

    @plain
    @weight(2.5)
    @number("4.1")
    @tags("width_for", "value")
    def test_exact(self) -> None:
        """width_for of eight targets that VariableNet has with some width."""
        self.assert_replies_match(widths_case(41, exact=True), keys=["widths"])

    @weight(1.5)
    @number("4.2")
    @tags("width_for", "value")
    def test_nearest(self) -> None:
        """width_for of eight targets between two networks: the nearer one, whether smaller or larger."""
        self.assert_replies_match(widths_case(42, exact=False), keys=["widths"])
