"""`python train.py`, as a student runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def train(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run train.py in its folder."""
    command = [sys.executable, "-W", "error", "train.py", *options]
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=quiet, capture_output=True, text=True, check=False, timeout=200
    )


@pytest.mark.slow
def test_the_reference_learns_50_images_by_heart(workspace: Path, tmp_path: Path) -> None:
    image = tmp_path / "train.png"
    done = train(workspace, "--out", str(image))
    assert done.returncode == 0, done.stderr
    accuracies = [float(value) for value in re.findall(r"accuracy (\d\.\d\d)", done.stdout)]
    assert len(accuracies) == 11
    assert accuracies[0] < 0.4
    assert accuracies[-1] >= 0.85
    assert "50/50" in done.stderr  # the progress bar
    assert image.read_bytes().startswith(b"\x89PNG")


def test_an_open_gap_is_named_in_one_line(project: Path, tmp_path: Path) -> None:
    image = tmp_path / "train.png"
    done = train(project / "part1_convnet", "--out", str(image))
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last == "convnet-forward is not written yet: fill that gap, then run this again."
    assert not image.exists()


def test_missing_images_are_one_line(workspace: Path, tmp_path: Path) -> None:
    done = train(workspace, "--data", "cifar10", "--data-root", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("load_cifar10: expected the files of CIFAR-10")
    assert "Traceback" not in done.stderr
