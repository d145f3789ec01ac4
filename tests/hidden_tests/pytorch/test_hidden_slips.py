"""Slips of part 2 that leave a first call in training mode right are caught in every case set."""

from __future__ import annotations

import pytest

from autograder.core.manifest import Part
from autograder.course import Course
from tests.hidden_tests.grading import Grade
from tests.names import called

TWO, CNN, LOSS, SOLVER = "models/twolayer.py", "models/cnn.py", "losses/focal_loss.py", "solver.py"
SCORES = "return self.scores(activations)"
POOLED = "return self.scores(pooled.flatten(start_dim=1))"
MEAN = "return losses.mean()"
STEP = "self.optimizer.step()"
Edits = tuple[tuple[str, str], ...]
SLIPS: dict[str, tuple[str, str, Edits]] = {
    "TwoLayerNet gives probabilities in eval mode": (
        "twolayer",
        TWO,
        ((SCORES, f"out = self.scores(activations)\n        {SCORES} if self.training else out.softmax(1)"),),
    ),
    "TwoLayerNet is linear in eval mode": (
        "twolayer",
        TWO,
        ((SCORES, f"{SCORES} if self.training else self.scores(self.hidden(flat))"),),
    ),
    "TwoLayerNet centres x behind autograd's back": (
        "twolayer", TWO, (("flat = x", "x.data -= 1e-3\n        flat = x"),)
    ),
    "TwoLayerNet has layers that all networks share": (
        "twolayer",
        TWO,
        (
            ("class TwoLayerNet", "layers = {}\n\n\nclass TwoLayerNet"),
            ("self.hidden = ", "layers['hidden'] = "),
            ("self.hidden(", "layers['hidden']("),
        ),
    ),
    "VanillaCNN names classes in eval mode": (
        "vanilla_cnn",
        CNN,
        (
            (
                POOLED,
                "out = self.scores(pooled.flatten(start_dim=1))\n"
                "        return out if self.training else out.argmax(dim=1)",
            ),
        ),
    ),
    "VanillaCNN drops half of what it sees": (
        "vanilla_cnn", CNN, ((POOLED, POOLED.replace("pooled", "torch.dropout(pooled, 0.5, self.training)")),)
    ),
    "VanillaCNN forgets the bend in eval mode": (
        "vanilla_cnn",
        CNN,
        (
            (
                "features = torch.relu(self.conv(x))",
                "features = self.conv(x)\n        if self.training:\n            features = features.relu()",
            ),
        ),
    ),
    "reweight sorts the list": (
        "reweight", LOSS, (("counts = torch", "cls_num_list.sort()\n    counts = torch"),)
    ),
    "reweight writes into the list": (
        "reweight",
        LOSS,
        (("return weights.float()", "cls_num_list[:] = weights.tolist()\n    return weights.float()"),),
    ),
    "reweight empties the list": (
        "reweight", LOSS, (("return weights.float()", "cls_num_list.clear()\n    return weights.float()"),)
    ),
    "FocalLoss shrinks its weights at each call": (
        "focal_loss", LOSS, ((MEAN, f"self.weight = self.weight * 0.9\n        {MEAN}"),)
    ),
    "FocalLoss normalises the weights that it was given": (
        "focal_loss",
        LOSS,
        ((MEAN, "loss = losses.mean()\n        self.weight /= self.weight.sum()\n        return loss"),),
    ),
    "FocalLoss adds to gamma at each call": (
        "focal_loss", LOSS, ((MEAN, "self.gamma += 0.5\n        return losses.mean()"),)
    ),
    "FocalLoss counts labels down": (
        "focal_loss", LOSS, ((MEAN, "target.clamp_(max=0)\n        return losses.mean()"),)
    ),
    "FocalLoss divides by how often it was called": (
        "focal_loss",
        LOSS,
        (
            ("self.gamma = gamma", "self.gamma = gamma\n        self.calls = 0"),
            ("log_p = log_probs", "self.calls += 1\n        log_p = log_probs / self.calls"),
        ),
    ),
    "Solver leaves gradients switched off": (
        "solver", SOLVER, (("with torch.no_grad():", "torch.set_grad_enabled(False)\n            if True:"),)
    ),
    "Solver steps every other time": (
        "solver",
        SOLVER,
        (
            (
                "self.optimizer.step()",
                "self.odd = not getattr(self, 'odd', False)\n"
                "            if self.odd:\n                self.optimizer.step()",
            ),
        ),
    ),
    "Solver lowers the learning rate at each step": (
        "solver",
        SOLVER,
        ((STEP, f"{STEP}\n            self.optimizer.param_groups[0]['lr'] *= 0.9"),),
    ),
    "Solver forgets the old gradients once only": (
        "solver",
        SOLVER,
        (
            (
                "self.optimizer.zero_grad()",
                "if not hasattr(self, 'begun'):\n                self.begun = self.optimizer.zero_grad()",
            ),
        ),
    ),
    "Solver trains again after a look": (
        "solver", SOLVER, (("return output, loss", "self.model.train()\n        return output, loss"),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_that_leaves_a_first_call_right_costs_points(
    name: str, grade: Grade, course: Course, part: Part
) -> None:
    component, file, edits = SLIPS[name]
    source = course.solution(part)[file].decode()
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    points = part.component(called(component)).points
    scores = [grade({file: source}, component, case_set=each).score for each in range(part.case_sets)]
    assert max(scores) < points


def test_gradients_that_one_component_switches_off_cost_no_other(
    grade: Grade, course: Course, part: Part
) -> None:
    source = course.solution(part)[SOLVER].decode()
    off = source.replace("with torch.no_grad():", "torch.set_grad_enabled(False)\n            if True:")
    assert off != source
    found = grade({SOLVER: off}, "solver", "twolayer", "focal_loss", "my_model")
    others = sum(one.points for one in part.components if one.name in ("twolayer", "focal_loss", "my_model"))
    kept = sum(one.score for one in found.verdicts if one.spec.component != "solver")
    assert kept == pytest.approx(others)
