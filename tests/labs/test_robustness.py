"""The lab on robustness: the reference against foolbox, its public tests, and its experiment."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from autograder.core.metrics import LabelledImages, RobustAccuracy
from tests.labs.conftest import python

Lab = Callable[[str], ModuleType]
HERE = "labs/robustness"


def network() -> torch.nn.Module:
    torch.manual_seed(3)
    layers = torch.nn.Flatten(), torch.nn.Linear(48, 20), torch.nn.Tanh(), torch.nn.Linear(20, 5)
    return torch.nn.Sequential(*layers).eval()


@pytest.mark.parametrize("steps", [1, 5])
def test_the_attack_is_foolboxs(lab: Lab, steps: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        foolbox = pytest.importorskip("foolbox")
    model, images, labels = network(), torch.rand(6, 3, 4, 4), torch.arange(6) % 5
    theirs = foolbox.attacks.LinfPGD(abs_stepsize=0.02, steps=steps, random_start=False)
    expected = theirs.run(foolbox.PyTorchModel(model, bounds=(0, 1)), images, labels, epsilon=0.05)
    attack = lab("labs.robustness.attacks").PGDAttack(torch.nn.CrossEntropyLoss(), steps, 0.02, 0.05)
    assert torch.allclose(attack.perturb(model, images, labels), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("epsilon", "shift", "said"), [(8.0, 0, "epsilon in pixels"), (0.1, -2, "images in")]
)
def test_sizes_and_images_that_were_normalised_are_refused(
    lab: Lab, epsilon: float, shift: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        attack = lab("labs.robustness.attacks").PGDAttack(torch.nn.CrossEntropyLoss(), epsilon=epsilon)
        attack.perturb(network(), torch.rand(2, 3, 4, 4) + shift)


def test_robust_accuracy_counts_images_that_are_right_twice() -> None:
    labels = np.array([0, 1, 1, 0])
    test = LabelledImages(np.zeros((4, 3, 2, 2), np.uint8), labels, ("a", "b"), "drawings")
    clean, attacked = np.eye(2)[[0, 1, 1, 1]], np.eye(2)[[0, 0, 1, 0]]
    found = RobustAccuracy().measure({"scores": clean, "attacked_scores": attacked}, test)
    assert not isinstance(found, str)
    assert (found.value, found.facts["accuracy"]) == (0.5, 0.75)
    assert "shape (0,)" in str(RobustAccuracy().measure({"attacked_scores": attacked}, test))


def test_the_reference_passes_its_public_tests(part2: Path) -> None:
    done = python(part2 / HERE, "-m", "unittest")
    assert done.returncode == 0, done.stderr
    assert int(re.findall(r"Ran (\d+) tests", done.stderr)[0]) >= 10


def test_the_skeleton_names_its_gaps(project: Path, part2: Path, tmp_path: Path) -> None:
    shutil.copytree(part2, tmp_path / "part2_pytorch")
    for name in ("attacks.py", "saliency.py", "training.py"):
        shutil.copy(project / "part2_pytorch" / HERE / name, tmp_path / "part2_pytorch" / HERE)
    done = python(tmp_path / "part2_pytorch" / HERE, "-m", "unittest")
    named = set(re.findall(r"AssertionError: ([\w-]+) is not written yet\.", done.stderr))
    assert named == {"attack-perturb", "evaluation", "saliency", "adversarial_step"}


def test_the_experiment_draws_and_goes_on_where_it_was(part2: Path, tmp_path: Path) -> None:
    line = [
        "-m",
        "labs.robustness",
        "--quick",
        "--train",
        "60",
        "--test",
        "12",
        "--epochs",
        "1",
        "--watched",
        "8",
    ]
    line += ["--width", "4", "--device", "cpu", "--methods", "plain", "fgsm", "n-fgsm", "pgd"]
    line += ["--data-root", str(tmp_path / "data"), "--out", str(tmp_path / "run")]
    first, again = python(part2, *line), python(part2, *line)
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout and "kept from before" in again.stderr
    made = {path.name for path in (tmp_path / "run").iterdir()}
    assert made >= {"accuracy.md", "ways.md", "epochs.png", "epsilon.png", "attacked.png", "saliency.png"}
    kept = json.loads((tmp_path / "run" / "results.json").read_text())["measured"]
    assert set(kept["n-fgsm, seed 0: training"]["value"][0]) == {"clean", "fgsm", "pgd"}
