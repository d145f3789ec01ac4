"""The public tests: right answers of any style pass, wrong ones fail, open gaps are named."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

CONV, POOL, RELU = "modules/convolution.py", "modules/max_pool.py", "modules/relu.py"
LINEAR, NET, SGD = "modules/linear.py", "modules/conv_classifier.py", "optimizer/sgd.py"
TESTS = {
    CONV: "tests.test_convolution",
    POOL: "tests.test_max_pool",
    RELU: "tests.test_relu",
    LINEAR: "tests.test_linear",
    NET: "tests.test_conv_classifier",
    SGD: "tests.test_sgd",
}


GAP = re.compile(r'NotImplementedError\("([a-z0-9_-]+)"\)')
ALTERNATIVES = Path("tests", "hidden_tests", "alternatives")
GRADED = ["channels_last", "float32", "im2col", "matrices", "shifts", "strides"]


@dataclass(frozen=True)
class Run:
    """What one run of unittest said."""

    passed: bool
    ran: int
    text: str

    @property
    def failures(self) -> int:
        """Return how many tests failed, subtests counted one by one."""
        return sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", self.text))

    @property
    def skipped(self) -> int:
        """Return how many tests were skipped."""
        return sum(int(number) for number in re.findall(r"skipped=(\d+)", self.text))


def run_public_tests(folder: Path, *modules: str) -> Run:
    """Run public tests as a student does; all of them where none are named."""
    command = [sys.executable, "-W", "error", "-m", "unittest", *modules]
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=quiet, capture_output=True, text=True, check=False, timeout=120
    )
    ran = re.search(r"Ran (\d+) test", done.stderr)
    return Run(passed=done.returncode == 0, ran=int(ran[1]) if ran else 0, text=done.stderr)


def change(workspace: Path, target: Path, files: Mapping[str, str]) -> Path:
    """Copy the workspace and put other files in."""
    shutil.copytree(workspace, target)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def load_plain_loops() -> Mapping[str, Mapping[str, str]]:
    """Return the files beside this one that hold right answers of another style."""
    path = Path(__file__).with_name("plain_loops.py")
    spec = importlib.util.spec_from_file_location("plain_loops", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {"loops": module.FILES, "single precision": module.SINGLE_PRECISION}


def test_the_reference_passes(workspace: Path) -> None:
    run = run_public_tests(workspace)
    assert run.passed, run.text
    assert run.ran > 60


@pytest.mark.parametrize("style", load_plain_loops())
def test_right_answers_of_another_style_pass(workspace: Path, tmp_path: Path, style: str) -> None:
    run = run_public_tests(change(workspace, tmp_path / "part", load_plain_loops()[style]))
    assert run.passed, run.text


@pytest.mark.slow
@pytest.mark.parametrize("style", GRADED)
def test_right_answers_that_get_full_marks_pass(
    project: Path, workspace: Path, tmp_path: Path, style: str
) -> None:
    part = shutil.copytree(workspace, tmp_path / "part")
    shutil.copytree(project / ALTERNATIVES / style, part, dirs_exist_ok=True)
    run = run_public_tests(part)
    assert run.passed, run.text


def test_the_skeleton_fails_everywhere_and_names_its_gaps(project: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    shutil.copytree(project / "part1_convnet", part, ignore=shutil.ignore_patterns("__pycache__"))
    run = run_public_tests(part, *TESTS.values())
    assert run.failures + run.skipped == run.ran > 60
    gaps = [name for path in sorted(part.rglob("*.py")) for name in GAP.findall(path.read_text("utf-8"))]
    told = re.findall(r"Error: ([\w-]+) is not written yet\.", run.text)
    first = [gap for gap in gaps if not gap.endswith("-backward")]  # these would need the forward ones
    assert sorted(told) == sorted(first)
    assert "NotImplementedError" not in run.text


WRONG = {
    "kernel turned round": (
        CONV,
        "windows = windows[:, :, ::s, ::s]",
        "windows = windows[:, :, ::s, ::s, ::-1, ::-1]",
    ),
    "stride taken once": (CONV, "windows[:, :, ::s, ::s]", "windows[:, :, ::s, ::1]"),
    "padding forgotten": (CONV, "np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))", "x + 0"),
    "padded with the edge": (CONV, "(p, p), (p, p)))", "(p, p), (p, p)), mode='edge')"),
    "bias forgotten": (CONV, "out = out + self.bias[:, np.newaxis]", "out = out"),
    "crop with [p:-p]": (CONV, "p : p + height, p : p + width]", "p:-p, p:-p]"),
    "crop forgotten": (CONV, "dpadded[:, :, p : p + height, p : p + width]", "dpadded"),
    "overlap overwritten": (CONV, "] += dcolumns", "] = dcolumns"),
    "db a mean": (CONV, "dout.sum(axis=(0, 2, 3))", "dout.mean(axis=(0, 2, 3))"),
    "db of one image": (CONV, "dout.sum(axis=(0, 2, 3))", "dout[0].sum(axis=(1, 2))"),
    "dw accumulates": (CONV, "self.dw = dw", "self.dw = (0 if self.dw is None else self.dw) + dw"),
    "height for width": (CONV, "p : p + height, p : p + width]", "p : p + height, p : p + height]"),
    "input scaled in place": (CONV, "        padded = np.pad", "        x *= 1.5\n        padded = np.pad"),
    "zero beats negative": (POOL, "return flat.max(axis=-1)", "return np.maximum(flat.max(axis=-1), 0)"),
    "minimum": (POOL, "flat.argmax(axis=-1)", "flat.argmin(axis=-1)"),
    "winner of one window only": (POOL, "] += dout * won", "] = dout * won"),
    "pool stride is its size": (POOL, "windows[:, :, ::s, ::s]", "windows[:, :, ::k, ::k]"),
    "gradient to all": (POOL, "won = winners == u * k + v", "won = winners >= 0"),
    "sign of dout": (RELU, "passed = self.cache", "passed = self.cache & (dout > 0)"),
    "no gate": (RELU, "dout * passed", "dout * (passed | True)"),
    "in place": (RELU, "np.maximum(x, 0)", "np.maximum(x, 0, out=x)"),
    "dx flat": (LINEAR, "dflat.reshape(x_shape)", "dflat"),
    "dw a mean": (LINEAR, "flat.T @ dout", "flat.T @ dout / len(flat)"),
    "column-major": (LINEAR, "x.reshape(x.shape[0], -1)", "x.reshape(x.shape[0], -1, order='F')"),
    "db of the first sample": (LINEAR, "dout.sum(axis=0)", "dout[0]"),
    "front to back": (NET, "reversed(self.modules)", "self.modules"),
    "last layer left out": (NET, "reversed(self.modules)", "reversed(self.modules[:-1])"),
    "loss first": (NET, "return probs, loss", "return loss, probs"),
    "input not passed on": (NET, "out = module.forward(out)", "out = module.forward(x)"),
    "criterion not run backward": (NET, "        self.criterion.backward()\n", ""),
    "dx not read": (NET, "            dout = module.dx\n", "            dout = module.backward(dout)\n"),
    "momentum forgotten": (SGD, "self.momentum * weight_velocity", "0 * weight_velocity"),
    "bias without momentum": (SGD, "self.momentum * bias_velocity", "0 * bias_velocity"),
    "one velocity for all": (SGD, "self.velocities[index] =", "self.velocities = dict.fromkeys(range(99),"),
    "uphill": (SGD, "weight_velocity - self.learning_rate", "weight_velocity + self.learning_rate"),
    "penalty twice": (SGD, "* module.dw", "* (module.dw + self.reg * module.weight)"),
    "velocity decays after": (
        SGD,
        "module.weight = module.weight + weight_velocity",
        "module.weight = module.weight + self.momentum * weight_velocity",
    ),
}
CLOSING = {
    "one velocity for all": ("(weight_velocity, bias_velocity)\n", "(weight_velocity, bias_velocity))\n")
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", WRONG)
def test_a_wrong_answer_fails(workspace: Path, tmp_path: Path, bug: str) -> None:
    name, replace, by = WRONG[bug]
    right = (workspace / name).read_text(encoding="utf-8")
    assert right.count(replace) == 1
    wrong = right.replace(replace, by)
    if bug in CLOSING:
        wrong = wrong.replace(*CLOSING[bug])
    compile(wrong, name, "exec")
    run = run_public_tests(change(workspace, tmp_path / "part", {name: wrong}), TESTS[name])
    assert not run.passed
    assert "AssertionError: " in run.text, "the edit only crashes, which proves little"


def test_a_failure_says_what_differs_and_where(workspace: Path, tmp_path: Path) -> None:
    name, replace, by = WRONG["overlap overwritten"]
    wrong = (workspace / name).read_text(encoding="utf-8").replace(replace, by)
    run = run_public_tests(change(workspace, tmp_path / "part", {name: wrong}), TESTS[name])
    assert "dx[0, 0, 1, 1]: got 1, expected 4 (relative error 7.5e-01); 5 of 9 entries are wrong" in run.text
    assert "layer_case.py" not in run.text  # tracebacks end in the student's test


@pytest.mark.parametrize("file", ["teaching_case.py", "printed.py"])
def test_both_parts_teach_by_the_same_test_case(project: Path, file: str) -> None:
    ours, theirs = (
        project / folder / file for folder in ("part1_convnet/tests", "part2_pytorch/labs/common")
    )
    assert ours.read_bytes() == theirs.read_bytes()


TEACHING = '''
import unittest
from tests.teaching_case import TeachingTestCase


class TestTeaching(TeachingTestCase):
    def test_a_gap(self):
        """Waits for a gap."""
        raise NotImplementedError("relu-forward")

    def test_b_gap_again(self):
        """Waits for the same gap."""
        for case in (1, 2):
            with self.subTest(case=case):
                raise NotImplementedError("relu-forward")

    def test_c_wrong(self):
        """First line.

        Second line, which helps.
        """
        with self.subTest(stride=2):
            self.assert_shape(None, (2, 3), "dx")

    def test_d_of_a_library(self):
        """Not a gap."""
        raise NotImplementedError('Module [X] is missing the required "forward" function')
'''


def test_gaps_come_once_and_last_and_whole_docstrings_are_shown(workspace: Path, tmp_path: Path) -> None:
    part = change(workspace, tmp_path / "part", {"tests/test_teaching.py": TEACHING})
    run = run_public_tests(part, "tests.test_teaching")
    assert "FAILED (failures=2, errors=1, skipped=1)" in run.text
    assert run.text.count("relu-forward is not written yet.") == 1
    assert "Second line, which helps." in run.text
    wrong = (
        "dx: expected shape (2, 3), got None: backward must store it as self.dx; "
        "its return value is not used."
    )
    assert wrong in run.text and "(stride=2)" in run.text
    assert run.text.index(wrong) < run.text.index("relu-forward is not written yet.")
    assert "missing the required" in run.text
