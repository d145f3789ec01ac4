"""The public tests of part 2: right answers pass, wrong ones fail, open gaps are named."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TWO, CNN, MINE = "models/twolayer.py", "models/cnn.py", "models/my_model.py"
LOSS, SOLVER = "losses/focal_loss.py", "solver.py"
TESTS = {
    TWO: ["tests.test_twolayer"],
    CNN: ["tests.test_cnn"],
    MINE: ["tests.test_my_model"],
    LOSS: ["tests.test_reweight", "tests.test_focal_loss"],
    SOLVER: ["tests.test_solver"],
}
GAPS = {
    "twolayer-init", "cnn-init", "my_model-init", "reweight", "focal_loss-forward", "solver-step",
}  # fmt: skip
QUIET = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def unittest_in(folder: Path, *modules: str) -> subprocess.CompletedProcess[str]:
    """Run public tests as a student does; all of them where none are named."""
    command = [sys.executable, "-W", "error", "-m", "unittest", *modules]
    return subprocess.run(
        command, cwd=folder, env=QUIET, capture_output=True, text=True, check=False, timeout=200
    )


def test_the_reference_passes(workspace: Path) -> None:
    done = unittest_in(workspace)
    assert done.returncode == 0, done.stderr
    assert int(re.findall(r"Ran (\d+) tests", done.stderr)[0]) >= 40


@pytest.mark.slow
def test_the_skeleton_fails_everywhere_and_names_its_gaps(project: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    shutil.copytree(project / "part2_pytorch", part, ignore=shutil.ignore_patterns("__pycache__", "runs"))
    done = unittest_in(part)
    ran = int(re.findall(r"Ran (\d+) tests", done.stderr)[0])
    assert f"FAILED (failures={len(GAPS)}, skipped={ran - len(GAPS)})" in done.stderr, done.stderr
    told = re.findall(r"AssertionError: ([\w-]+) is not written yet\.", done.stderr)
    assert sorted(told) == sorted(GAPS)


WRONG = {
    "relu for sigmoid": (TWO, "torch.sigmoid", "torch.relu"),
    "no sigmoid": (TWO, "torch.sigmoid(self.hidden(flat))", "self.hidden(flat)"),
    "softmax at the end": (TWO, "self.scores(activations)", "self.scores(activations).softmax(1)"),
    "batch flattened too": (TWO, "x.flatten(start_dim=1)", "x.flatten()[None, : self.hidden.in_features]"),
    "hidden size fixed": (TWO, "hidden_size)\n", "(hidden_size := 256))\n"),
    "no bias": (TWO, "nn.Linear(hidden_size, num_classes)", "nn.Linear(hidden_size, num_classes, False)"),
    "no relu": (CNN, "torch.relu(self.conv(x))", "self.conv(x)"),
    "average pool": (CNN, "nn.MaxPool2d", "nn.AvgPool2d"),
    "sigmoid for relu": (CNN, "torch.relu", "torch.sigmoid"),
    "detached": (CNN, "torch.relu(self.conv(x))", "torch.relu(self.conv(x)).detach()"),
    "conv without bias": (CNN, "padding=0)", "padding=0, bias=False)"),
    "log-softmax": (CNN, "return self.scores(pooled.flatten(start_dim=1))",
                    "return self.scores(pooled.flatten(start_dim=1)).log_softmax(1)"),
    "dropout never rests": (MINE, "scores = self", "scores = nn.Dropout(0.5)(x).mean() + self"),
    "statistics of the batch": (MINE, "self.whiten(x)", "self.whiten(x - x.mean(dim=0))"),
    "a layer without use": (MINE, "self.scores = ", "self.spare = nn.Linear(3, 3)\n        self.scores = "),
    "one score": (MINE, "return scores if", "scores = scores[:, :1]\n        return scores if"),
    "sum to one": (LOSS, "weights * len(counts) / weights.sum()", "weights / weights.sum()"),
    "not scaled": (LOSS, "    weights = weights * len(counts) / weights.sum()\n", ""),
    "not inverted": (LOSS, "(1 - beta) / (1 - beta**counts)", "(1 - beta**counts) / (1 - beta)"),
    "beta times count": (LOSS, "beta**counts", "beta * counts"),
    "beta fixed": (LOSS, "(1 - beta**counts)", "(1 - 0.9999**counts)"),
    "sorted": (LOSS, "torch.as_tensor(cls_num_list, dtype=torch.float64)",
               "torch.as_tensor(sorted(cls_num_list), dtype=torch.float64)"),
    "sum over the batch": (LOSS, "return losses.mean()", "return losses.sum()"),
    "no mean": (LOSS, "return losses.mean()", "return losses"),
    "weighted mean": (LOSS, "return losses.mean()", "return losses.sum() / self.weight[target].sum()"),
    "weights forgotten": (LOSS, "losses = losses * self.weight[target]", "pass"),
    "gamma forgotten": (LOSS, "((1 - p) ** self.gamma)", "((1 - p) ** 0)"),
    "gamma is two": (LOSS, "** self.gamma", "** 2"),
    "p for 1 - p": (LOSS, "((1 - p) ** self.gamma)", "(p**self.gamma)"),
    "sign": (LOSS, "losses = -((1", "losses = ((1"),
    "factor detached": (LOSS, "p = log_p.exp()", "p = log_p.exp().detach()"),
    "wrong axis": (LOSS, "F.log_softmax(input, dim=1)", "F.log_softmax(input, dim=0)"),
    "log of softmax": (LOSS, "F.log_softmax(input, dim=1)", "F.softmax(input, dim=1).log()"),
    "scores overwritten": (LOSS, "log_probs = F.log_softmax(input, dim=1)",
                           "log_probs = F.log_softmax(input, dim=1)\n        input.detach().zero_()"),
    "gradients add up": (SOLVER, "            self.optimizer.zero_grad()\n", ""),
    "cleared after backward": (SOLVER, "self.optimizer.zero_grad()\n            loss.backward()",
                               "loss.backward()\n            self.optimizer.zero_grad()"),
    "no step": (SOLVER, "            self.optimizer.step()\n", ""),
    "two steps": (SOLVER, "self.optimizer.step()", "self.optimizer.step(), self.optimizer.step()"),
    "swapped": (SOLVER, "return output, loss", "return loss, output"),
    "a plain number": (SOLVER, "return output, loss", "return output, loss.item()"),
    "steps in eval": (SOLVER, "if self.model.training:", "if True:"),
    "gradients in eval": (SOLVER, "with torch.no_grad():", "if True:"),
    "never trains": (SOLVER, "if self.model.training:", "if False:"),
    "a loss of its own": (SOLVER, "self.criterion(output, target)",
                          "nn.functional.cross_entropy(output, target)"),
    "output after the step": (SOLVER, "self.optimizer.step()\n",
                              "self.optimizer.step()\n            output = self.model(data)\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(workspace: Path) -> dict[str, str]:
    """Return what the public tests say of every wrong answer."""
    cases = {}
    for bug, (file, replace, by) in WRONG.items():
        right = (workspace / file).read_text(encoding="utf-8")
        assert replace in right, bug
        cases[bug] = (file, TESTS[file], right.replace(replace, by))
    command = [sys.executable, str(Path(__file__).with_name("trial.py"))]
    done = subprocess.run(
        command, cwd=workspace, env=QUIET, input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("bug", WRONG)
def test_a_wrong_answer_fails(verdicts: dict[str, str], bug: str) -> None:
    assert verdicts[bug] != "passes"
    assert "Error" in verdicts[bug]


def test_a_failure_says_what_differs_and_where(verdicts: dict[str, str]) -> None:
    assert verdicts["sum to one"] == (
        "AssertionError: weights[0]: got 0.75, expected 1.5; 2 of 2 entries are wrong, this one most."
    )
