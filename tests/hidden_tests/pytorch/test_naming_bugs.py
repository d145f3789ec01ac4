"""Bugs in code that looks nothing like the solution are named; what nobody knows is not, and noise never."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.core.diagnosis import diagnose
from autograder.hidden_tests.runner import Examiner, run
from tests.names import called

TWO, CNN, MINE = "models/twolayer.py", "models/cnn.py", "models/my_model.py"
LOSS, SOLVER = "losses/focal_loss.py", "solver.py"
SUM = "return total / input.shape[0]"
HALF = "h = 1 / (1 + torch.exp(-self.fc1(x)))"
CODED = "loss = -one_hot * (1 - p) ** self.gamma * torch.log(p) * self.weight.unsqueeze(0)"
STEP = "loss.backward()\n            self.optimizer.step()\n"

# (alternative, component, file, [(text, its replacement), ...], the names expected)
BUGS = [
    ("functional", "twolayer", TWO, [(HALF, "h = self.fc1(x)")], ["twolayer-forgets-the-sigmoid"]),
    ("functional", "twolayer", TWO, [(HALF, "h = self.fc1(x).clamp(min=0)")], ["twolayer-relu-for-sigmoid"]),
    (
        "lazy",
        "twolayer",
        TWO,
        [("nn.LazyLinear(num_classes)", "nn.LazyLinear(num_classes), nn.Softmax(1)")],
        ["twolayer-softmax-at-the-end"],
    ),
    (
        "lazy",
        "twolayer",
        TWO,
        [("nn.LazyLinear(hidden_size)", "nn.LazyLinear(256)")],
        ["twolayer-hidden-size-fixed"],
    ),
    ("lazy", "vanilla_cnn", CNN, [("nn.ReLU(inplace=True), ", "")], ["vanilla_cnn-forgets-the-relu"]),
    (
        "lazy",
        "vanilla_cnn",
        CNN,
        [("nn.LazyConv2d(32, 7)", "nn.LazyConv2d(32, 5)")],
        ["vanilla_cnn-kernel-of-five"],
    ),
    (
        "functional",
        "vanilla_cnn",
        CNN,
        [("nn.Linear(5408, 10)", "nn.Linear(8192, 10)"), ("32, 7)", "32, 7, padding=3)"), ("5408", "8192")],
        ["vanilla_cnn-keeps-the-size-by-padding"],
    ),
    (
        "functional",
        "my_model",
        MINE,
        [(", training=self.training", "")],
        ["my_model-drops-out-in-eval-mode"],
    ),
    (
        "lazy",
        "my_model",
        MINE,
        [("nn.LazyBatchNorm2d()", "nn.LazyBatchNorm2d(track_running_stats=False)")],
        ["my_model-looks-at-the-whole-batch"],
    ),
    (
        "lazy",
        "my_model",
        MINE,
        [("nn.LazyLinear(10)", "nn.LazyLinear(1000)")],
        ["my_model-scores-a-thousand-classes"],
    ),
    ("lazy", "reweight", LOSS, [("w / w.mean()", "w / w.sum()")], ["reweight-sums-to-one"]),
    ("loops", "reweight", LOSS, [("beta**n", "beta * n")], ["reweight-multiplies-for-the-power"]),
    (
        "functional",
        "reweight",
        LOSS,
        [("np.power(beta, cls_num_list)", "np.power(cls_num_list, beta)")],
        ["reweight-power-of-the-counts"],
    ),
    ("loops", "focal_loss", LOSS, [(SUM, "return total")], ["focal_loss-sums-over-the-batch"]),
    (
        "loops",
        "focal_loss",
        LOSS,
        [(SUM, "return total / self.weight[target].sum()")],
        ["focal_loss-weighted-mean"],
    ),
    (
        "lazy",
        "focal_loss",
        LOSS,
        [
            ('CrossEntropyLoss(reduction="none")', 'CrossEntropyLoss(weight=weight, reduction="none")'),
            ("self.weight[target] * (1", "(1"),
        ],
        ["focal_loss-p-from-weighted-logarithms"],
    ),
    (
        "lazy",
        "focal_loss",
        LOSS,
        [("(1 - pt).pow", "pt.pow")],
        ["focal_loss-power-of-p"],
    ),
    (
        "functional",
        "focal_loss",
        LOSS,
        [("loss.sum() / input.shape[0]", "loss.mean()")],
        ["focal_loss-mean-over-all-classes"],
    ),
    ("functional", "focal_loss", LOSS, [("dim=1", "dim=0")], ["focal_loss-softmax-over-the-batch"]),
    (
        "loops",
        "focal_loss",
        LOSS,
        [(SUM, "return torch.tensor(float(total) / len(input))")],
        ["focal_loss-cuts-the-graph"],
    ),
    (
        "lazy",
        "solver",
        SOLVER,
        [("            self.optimizer.zero_grad()\n", "")],
        ["solver-never-clears-the-gradients"],
    ),
    (
        "lazy",
        "solver",
        SOLVER,
        [("torch.set_grad_enabled(self.model.training)", "torch.enable_grad()")],
        ["solver-keeps-the-graph-in-eval-mode"],
    ),
    (
        "lazy",
        "solver",
        SOLVER,
        [("return output, loss", "return loss, output")],
        ["solver-returns-the-loss-first"],
    ),
    (
        "loops",
        "solver",
        SOLVER,
        [
            (
                STEP,
                STEP.replace(
                    "self.optimizer.step", "self.optimizer.zero_grad()\n            self.optimizer.step"
                ),
            )
        ],
        ["solver-clears-between-backward-and-step"],
    ),
    ("loops", "solver", SOLVER, [("if self.model.training:", "if True:")], ["solver-trains-in-eval-mode"]),
]
UNKNOWN = [
    ("functional", "twolayer", TWO, [(HALF, "h = torch.sin(self.fc1(x))")]),
    ("functional", "vanilla_cnn", CNN, [("F.relu(x)", "F.silu(x)")]),
    ("loops", "reweight", LOSS, [("beta**n", "beta ** (n / 2)")]),
    ("loops", "focal_loss", LOSS, [(SUM, "return 1.7 * total")]),
    ("functional", "focal_loss", LOSS, [("torch.log(p)", "torch.log(p).clamp(min=-0.5)")]),
    ("loops", "solver", SOLVER, [(STEP, "(3 * loss).backward()\n            self.optimizer.step()\n")]),
]


def broken(answers, file, edits):
    source = answers[file]
    for old, new in edits:
        assert old in source, f"{file} holds no {old!r}"
        source = source.replace(old, new)
    return {**answers, file: source}


@pytest.mark.parametrize(
    ("style", "component", "file", "edits", "names"), BUGS, ids=[bug[4][0] for bug in BUGS]
)
def test_a_bug_in_another_style_is_named(style, component, file, edits, names, grade, alternative):
    found = grade(broken(alternative(style), file, edits), component)
    assert found.problems
    assert found.named == names


@pytest.mark.parametrize(("style", "component", "file", "edits"), UNKNOWN)
def test_a_bug_that_nobody_knows_is_described_but_not_named(
    style, component, file, edits, grade, alternative
):
    found = grade(broken(alternative(style), file, edits), component)
    assert found.problems
    assert found.named == []


FAMILIAR = [called(name) for name in ("twolayer", "vanilla_cnn", "reweight", "focal_loss", "solver")]
CHANGES = {
    "noise": lambda array, rng: array + rng.normal(size=array.shape),
    "a little noise": lambda array, rng: array * (1 + 1e-2 * rng.normal(size=array.shape)),
    "zeros": lambda array, rng: np.zeros_like(array),
    "scaled": lambda array, rng: 2.7 * array,
    "shuffled": lambda array, rng: rng.permutation(array.reshape(-1)).reshape(array.shape),
    "not a number": lambda array, rng: np.full(array.shape, np.nan),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("component", FAMILIAR)
def test_what_no_known_bug_replies_is_not_named(component, change, key):
    """Facts stay as they are: they are not noisy, and say what they say."""
    for seed in range(2):
        rng = np.random.default_rng(seed)
        names = sorted({name for reply in key.replies[""].values() for name in reply.arrays})
        changed = {name for name in names if rng.random() < 0.5}

        def ask(case, changed=changed, rng=rng):
            reply = key.reference(case)
            arrays = {
                name: change(array, rng) if name in changed and array.dtype.kind == "f" else array
                for name, array in reply.arrays.items()
            }
            return replace(reply, arrays=arrays)

        examiner = Examiner(ask, key.reference)
        run(key.part, examiner, component=component)
        found = diagnose(examiner.observations, key.mutants(component), key.hints)
        assert [diagnosis.mutant for diagnosis in found] == []
