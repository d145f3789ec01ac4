"""`python collect_submission.py --part pytorch`: sources and checkpoints, as the grader takes them."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

MIB = 1024 * 1024
MINE = "checkpoints/mymodel.pth"


@pytest.fixture
def handed_out(project: Path, course: Path, tmp_path: Path) -> Path:
    """Return a student's folder with every gap of part 2 filled, and no checkpoint yet."""
    without = shutil.ignore_patterns("__pycache__", "runs", "files")
    shutil.copytree(course / "part2_pytorch", tmp_path / "part2_pytorch", ignore=without)
    for name in ("collect_submission.py", "assignment.json"):
        shutil.copy(project / name, tmp_path)
    return tmp_path


def collect(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "collect_submission.py", "--part", "pytorch"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_a_checkpoint_larger_than_sources_may_be_is_packed(handed_out: Path) -> None:
    content = bytes(9 * MIB)
    (handed_out / "part2_pytorch" / MINE).write_bytes(content)
    done = collect(handed_out)
    assert done.returncode == 0, done.stdout
    assert "note   checkpoints/twolayernet.pth is missing and will score 0" in done.stdout
    assert "mymodel.pth is not there" not in done.stdout
    with zipfile.ZipFile(handed_out / "part2_pytorch_submission.zip") as archive:
        assert archive.read(MINE) == content
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"configs", "losses", "checkpoints", "models", "solver.py", "MANIFEST.sha256"}


def test_a_checkpoint_beyond_the_limit_is_refused(handed_out: Path) -> None:
    with (handed_out / "part2_pytorch" / MINE).open("wb") as stream:
        stream.truncate(101 * MIB)
    done = collect(handed_out)
    assert done.returncode == 2
    assert "checkpoints/mymodel.pth is 101.0 MiB large; at most 100 are allowed" in done.stdout


@pytest.mark.parametrize("trained_on", ["procedural", "cifar10"])
def test_a_checkpoint_of_other_images_than_the_graded_is_pointed_out(
    handed_out: Path, trained_on: str
) -> None:
    graded = json.loads((handed_out / "assignment.json").read_text())["parts"]["pytorch"]["test_set"][
        "source"
    ]
    content = b"weights"
    note = {"trained_on": trained_on, "sha256": hashlib.sha256(content).hexdigest()}
    (handed_out / "part2_pytorch" / MINE).write_bytes(content)
    (handed_out / "part2_pytorch" / MINE).with_suffix(".json").write_text(json.dumps(note))
    done = collect(handed_out)
    assert done.returncode == 0, done.stdout
    sentence = f"note   {MINE} was not trained on the images that are graded; train it with --data {graded}"
    assert (sentence in done.stdout) == (trained_on != graded)
    with zipfile.ZipFile(handed_out / "part2_pytorch_submission.zip") as archive:
        assert "checkpoints/mymodel.json" in archive.namelist()


def test_every_gap_of_part_2_is_named(project: Path, handed_out: Path) -> None:
    for name in ("losses/focal_loss.py", "solver.py", "models/cnn.py"):
        shutil.copy(project / "part2_pytorch" / name, handed_out / "part2_pytorch" / name)
    done = collect(handed_out)
    assert done.returncode == 2
    for gap in ("reweight", "focal_loss-forward", "solver-step", "cnn-init", "cnn-forward"):
        assert f"{gap} is not written yet" in done.stdout
