"""Solver._compute_loss_update_params: a step in training mode, a look without consequences in eval mode."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.core.model import Array, Case
from autograder.core.observation import present
from autograder.hidden_tests.facts import FactCase, as_fact
from autograder.hidden_tests.plain import plain
from autograder.hidden_tests.pytorch.cases import TOLERANCE, solver_case


def was_run(case: Case, calls: Array) -> Array:
    """Return whether the model was called: how often is the student's choice."""
    return as_fact(case, np.asarray(calls > 0))


def after(names: tuple[str, ...], steps: int) -> list[str]:
    """Return the keys `<name>_<step>` for all names of all steps."""
    return [f"{name}_{step}" for step in range(steps) for name in names]


class TestSolver(FactCase):
    """Solver, 15 points: 10 in training mode, 8 of them for one step, which is plain; 5 in eval mode."""

    component = "solver"
    derived: ClassVar = ("computed",)

    @plain
    @weight(1)
    @number("6.1")
    @tags("solver", "forward")
    def test_scores(self) -> None:
        """Solver, training mode: the first thing returned is the scores, from before the step."""
        cases = [solver_case(71), solver_case(72)]
        self.assert_replies_match(*cases, keys=["output_0"], tolerance=TOLERANCE, exact_shape=True)

    @plain
    @weight(2)
    @number("6.2")
    @tags("solver", "forward")
    def test_loss(self) -> None:
        """Solver, training mode: the second thing returned is the loss, from before the step."""
        cases = [solver_case(71), solver_case(72), solver_case(73), solver_case(74, learning_rate=0.2)]
        self.assert_replies_match(*cases, keys=["loss_0"], tolerance=TOLERANCE, exact_shape=True)

    @plain
    @weight(1)
    @number("6.3")
    @tags("solver", "forward")
    def test_loss_is_a_tensor(self) -> None:
        """Solver, training mode: the loss is returned as a tensor."""
        case = solver_case(71)
        with self.subTest():
            self.assert_replies_match(case, keys=["loss_0"], views={"loss_0": present})
        with self.subTest():
            self.assert_fact(
                case,
                key="loss_is_tensor_0",
                message="The loss is no longer a tensor: return what the criterion gave you.",
            )
        with self.subTest():
            self._assert_model_was_run(case)

    @plain
    @weight(4)
    @number("6.4")
    @tags("solver", "update")
    def test_one_step(self) -> None:
        """Solver, training mode: the parameters move by one step of the optimizer, no more and no less."""
        cases = [solver_case(73), solver_case(74, learning_rate=0.2)]
        with self.subTest():
            self.assert_replies_match(
                *cases, keys=["weight_0", "bias_0"], tolerance=TOLERANCE, exact_shape=True
            )
        with self.subTest():
            self.assert_fact(
                *cases,
                key="optimizer_steps_0",
                message="One batch in training mode should be exactly one optimizer.step().",
            )

    @weight(2)
    @number("6.5")
    @tags("solver", "update")
    def test_several_steps(self) -> None:
        """Solver, training mode: three batches with momentum; each step has the gradient of its own batch."""
        case = solver_case(75, steps=3, momentum=0.8, learning_rate=0.3)
        self.assert_replies_match(case, keys=after(("weight", "bias"), 3), tolerance=TOLERANCE)

    @weight(1)
    @number("6.6")
    @tags("solver", "forward")
    def test_eval_scores(self) -> None:
        """Solver, eval mode: the first thing returned is the scores."""
        case = solver_case(77, training=False, steps=2)
        self.assert_replies_match(case, keys=after(("output",), 2), tolerance=TOLERANCE)

    @weight(1)
    @number("6.7")
    @tags("solver", "forward")
    def test_eval_loss(self) -> None:
        """Solver, eval mode: the second thing returned is the loss."""
        case = solver_case(77, training=False, steps=2)
        self.assert_replies_match(case, keys=after(("loss",), 2), tolerance=TOLERANCE)

    @weight(2)
    @number("6.8")
    @tags("solver", "update")
    def test_eval_changes_nothing(self) -> None:
        """Solver, eval mode: the parameters stay as they were."""
        case = solver_case(77, training=False, steps=2, momentum=0.5, reg=0.3)
        with self.subTest():
            self.assert_replies_match(case, keys=after(("weight", "bias"), 2), tolerance=TOLERANCE)
        with self.subTest():
            self.assert_fact(
                case, key="optimizer_steps_1", message="In eval mode the optimizer should not step at all."
            )
        with self.subTest():
            self._assert_model_was_run(case)

    @weight(1)
    @number("6.9")
    @tags("solver", "update")
    def test_eval_keeps_no_graph(self) -> None:
        """Solver, eval mode: the model runs without gradients, which saves memory and time."""
        case = solver_case(78, training=False)
        with self.subTest():
            self.assert_fact(
                case,
                key="forward_with_graph_0",
                message="In eval mode the model ran with gradients enabled; they are not needed there.",
            )
        with self.subTest():
            self.assert_fact(
                case,
                key="has_gradient_0",
                message="In eval mode gradients were computed and left in the parameters.",
            )
        with self.subTest():
            self._assert_model_was_run(case)

    def _assert_model_was_run(self, *cases: Case) -> None:
        """Fail where nothing happened because nothing was done; facts alone could be memorised."""
        for case in cases:
            forwards = self.answer(case, "forwards_0", view=was_run)
            self.assertGreater(int(forwards), 0, "The model was never run: hand the data to self.model.")
        self.assert_replies_match(*cases, keys=["computed_0"], tolerance=TOLERANCE)
