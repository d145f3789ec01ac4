"""Examples in the book do and show what the book says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.release.samples import pack, read_samples

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = re.compile(r"<!-- sample: (\w+) -->\n```text\n(.*?)```", re.DOTALL)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux"),
]


def submit(name: str, to: Path) -> None:
    """Write a sample submission to the zip `to`."""
    course = load_course(ROOT)
    samples = (sample for part in course.manifest.parts for sample in read_samples(course, part))
    to.write_bytes(next(pack(sample) for sample in samples if sample.name == name))


def run(arguments: list[str], folder: Path) -> str:
    """Run Python in `folder`, with the project to import from, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        capture_output=True, text=True, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_report_that_is_explained_is_the_one_that_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs/instructors/reading_a_report.md").read_text(encoding="utf-8")
    ((name, shown),) = SAMPLE.findall(page)
    submit(name, tmp_path / f"{name}.zip")
    printed = run(["-m", "autograder", "grade", f"{name}.zip", "--unsafe"], tmp_path)
    lines = [line.rstrip() for line in printed.splitlines()]
    missing = [line for line in shown.splitlines() if line not in ("", "...") and line not in lines]
    assert missing == []


def test_grading_from_python_gives_points_and_diagnoses(tmp_path: Path) -> None:
    (program,) = PROGRAM.findall((ROOT / "docs/api/grader.md").read_text(encoding="utf-8"))
    submit("flipped_kernels", tmp_path / "alice.zip")
    (tmp_path / "example.py").write_text(program.replace("unsafe=False", "unsafe=True"), encoding="utf-8")
    assert run(["example.py"], tmp_path) == "85.0 of 100.0 ['conv2d-flips-the-kernel']\n"
    assert (tmp_path / "out" / "alice" / "report.html").is_file()
