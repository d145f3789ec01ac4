"""What goes wrong in Solver._compute_loss_update_params."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_solver = partial(Mutant, component="solver", file="solver.py")
_ZERO = "            self.optimizer.zero_grad()\n"
_BACKWARD = "            loss.backward()\n"
_STEP = "            self.optimizer.step()\n"
_NO_GRAD = "            with torch.no_grad():\n"
_EVAL_LOSS = "                loss = self.criterion(output, target)\n"
_RETURN = "        return output, loss\n        # END SOLUTION solver-step"


def _at_the_end(more: str, value: str = "output, loss") -> str:
    return f"{more}        return {value}\n        # END SOLUTION solver-step"


MUTANTS = (
    _solver(
        "solver-never-clears-the-gradients",
        replace=_ZERO,
        by="",
        hint="The gradients of earlier batches are still there and add up. Clear them once per step.",
    ),
    _solver(
        "solver-clears-between-backward-and-step",
        replace=_ZERO + _BACKWARD,
        by=_BACKWARD + _ZERO,
        hint="The gradients are cleared between backward and step, so the optimizer has no gradients and "
        "nothing moves.",
    ),
    _solver(
        "solver-never-steps",
        replace=_STEP,
        by="",
        hint="In training mode the optimizer never steps: gradients are computed, and the parameters stay.",
    ),
    _solver(
        "solver-steps-twice",
        replace=_STEP,
        by=_STEP + _STEP,
        hint="The optimizer steps twice per batch. Once is enough: the second step uses a gradient that is "
        "out of date.",
    ),
    _solver(
        "solver-trains-in-eval-mode",
        replace="        if self.model.training:\n            output = self.model(data)",
        by="        if True:\n            output = self.model(data)",
        hint="The parameters move in eval mode, too: test images are used for training. Check the model's "
        "mode first.",
    ),
    _solver(
        "solver-trains-in-eval-mode-only",
        replace="        if self.model.training:\n            output = self.model(data)",
        by="        if not self.model.training:\n            output = self.model(data)",
        hint="The two modes are swapped: the parameters move in eval mode, and stay in training mode.",
    ),
    _solver(
        "solver-goes-backward-in-eval-mode",
        replace=_NO_GRAD,
        by="            with torch.enable_grad():\n",
        also=((_RETURN, _at_the_end("        if not self.model.training:\n            loss.backward()\n")),),
        hint="In eval mode backward is called and leaves gradients behind. They are not needed there, and "
        "the next step would add to them.",
    ),
    _solver(
        "solver-keeps-the-graph-in-eval-mode",
        replace=_NO_GRAD,
        by="            if True:\n",
        hint="In eval mode the forward pass is recorded for a backward pass that never comes, which takes "
        "memory. Disable gradients.",
    ),
    _solver(
        "solver-returns-a-number-for-the-loss",
        replace=_RETURN,
        by=_at_the_end("", "output, loss.item()"),
        hint="The loss is returned as a Python number. Return the tensor; the caller can ask it for a "
        "number.",
    ),
    _solver(
        "solver-returns-the-loss-first",
        replace=_RETURN,
        by=_at_the_end("", "loss, output"),
        hint="The two results are in the wrong order: first the scores, then the loss.",
    ),
    _solver(
        "solver-returns-the-predictions",
        replace=_RETURN,
        by=_at_the_end("", "output.argmax(dim=1), loss"),
        hint="The predicted classes are returned instead of the scores. Return the model's output; the "
        "caller picks the largest.",
    ),
    _solver(
        "solver-returns-probabilities",
        replace=_RETURN,
        by=_at_the_end("", "torch.softmax(output, dim=1), loss"),
        hint="Probabilities are returned instead of the scores. Return the model's output unchanged.",
    ),
    _solver(
        "solver-gives-probabilities-to-the-criterion",
        replace="            loss = self.criterion(output, target)\n" + _ZERO,
        by="            loss = self.criterion(torch.softmax(output, dim=1), target)\n" + _ZERO,
        also=((_EVAL_LOSS, "                loss = self.criterion(torch.softmax(output, dim=1), target)\n"),),
        hint="The criterion is given probabilities, and applies a softmax again. It expects the raw scores.",
    ),
    _solver(
        "solver-sums-the-loss",
        replace=_RETURN,
        by=_at_the_end("", "output, loss * len(target)"),
        hint="The loss is the batch size times too large. The criterion's loss is a mean: return it as it "
        "is.",
    ),
    _solver(
        "solver-averages-the-loss-again",
        replace=_BACKWARD,
        by="            loss = loss / len(target)\n" + _BACKWARD,
        hint="The loss is divided by the batch size a second time before backward. The criterion's loss is a "
        "mean already.",
    ),
    _solver(
        "solver-returns-the-loss-after-the-step",
        replace=_STEP,
        by=_STEP
        + "            output = self.model(data)\n            loss = self.criterion(output, target)\n",
        hint="Scores and loss are computed again after the step. Return those from before the step.",
    ),
    _solver(
        "solver-leaves-gradients-switched-off",
        replace="            with torch.no_grad():\n",
        by="            torch.set_grad_enabled(False)\n            if True:\n",
        hint="After a step in eval mode gradients stay switched off, and the next training step fails. Use "
        "`torch.no_grad()` in a with statement, which ends by itself.",
    ),
)
