"""The copy of the course that the book's notebooks run on has every gap filled, and nothing of the grader."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from autograder.course import load_course
from autograder.release.skeleton import generate
from theory.answers import read_answers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(extension: Callable[[str], ModuleType], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("solved")
    extension("_sphinx/solved_course.py").copy_solved(folder)
    return folder


def test_every_answer_file_is_the_solution(copy: Path) -> None:
    for path in (path for path in generate(load_course(ROOT)) if path.endswith(".py")):
        assert (copy / path).read_bytes() == (ROOT / "autograder/solutions" / path).read_bytes(), path


def test_the_sheet_of_theory_is_blank(copy: Path) -> None:
    answers = read_answers((copy / "theory" / "answers.yaml").read_bytes())
    assert len(answers) > 20
    assert not any(answers.values())


def test_the_grader_is_not_in_it(copy: Path) -> None:
    assert not (copy / "autograder").exists()
    assert (copy / "assignment.json").is_file()


def test_a_public_test_passes_there(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "tests.test_relu"],
        cwd=copy / "part1_convnet", env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
