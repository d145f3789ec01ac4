"""Unpacked somewhere, without the project around it, the student bundle works."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.intake.submission import read_submission
from autograder.release.bundle import as_zip, student_files

# Packages that are imported under another name than they are installed under.
IMPORTED_AS = {"pyyaml": "yaml", "pypandoc-binary": "pypandoc"}
# Of these a page says what they are for, or another package brings them along.
ELSEWHERE = {"google", "pytest", "IPython", "PIL"}
NO_WEB = re.compile(r"NewConnectionError|Temporary failure|Could not find a version|ReadTimeout|ProxyError")


@pytest.fixture(scope="module")
def packed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "course.zip"
    path.write_bytes(as_zip(student_files(load_course(project)), folder="convnet-coursework"))
    return path


@pytest.fixture
def alone(packed: Path, tmp_path: Path) -> Path:
    """Return the course's folder as a student has it."""
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "Mein Kurs")
    return tmp_path / "Mein Kurs" / "convnet-coursework"


def run(
    *words: str, cwd: Path, python: str = sys.executable, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [python, *words],
        cwd=cwd,
        env={**kept, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def fill(alone: Path, project: Path, *names: str) -> None:
    """Copy the reference's files, or all of a part, over the student's."""
    for name in names:
        source = project / "autograder" / "solutions" / name
        if source.is_dir():
            shutil.copytree(
                source, alone / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, alone / name)


def check_two_commands(alone: Path, project: Path, python: str) -> None:
    """Do what its README shows first, a public test and the collector, before and after gaps are filled."""
    part = alone / "part1_convnet"
    first = run("-m", "unittest", "tests.test_relu", cwd=part, python=python)
    assert first.returncode == 1 and "relu-forward is not written yet" in first.stderr, first.stderr
    assert "ImportError" not in first.stderr and "ModuleNotFoundError" not in first.stderr
    collected = run("collect_submission.py", "--part", "convnet", cwd=alone, python=python)
    assert collected.returncode == 2 and "11 gaps to fill" in collected.stdout, collected.stdout
    fill(alone, project, "part1_convnet/modules/relu.py")
    assert run("-m", "unittest", "tests.test_relu", cwd=part, python=python).returncode == 0
    fill(alone, project, "part1_convnet")
    assert run("-m", "unittest", cwd=part, python=python).returncode == 0
    assert run("collect_submission.py", "--part", "convnet", cwd=alone, python=python).returncode == 0
    course = load_course(project)
    wanted = course.manifest.part("convnet")
    submission = read_submission(
        alone / wanted.zip, part=wanted, intake=course.manifest.intake, given=course.given(wanted)
    )
    assert submission.files == course.solution(wanted) and submission.remarks == ()


def test_its_two_commands_work(alone: Path, project: Path) -> None:
    check_two_commands(alone, project, sys.executable)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_its_two_commands_work_in_a_fresh_environment(alone: Path, project: Path) -> None:
    made = run("-m", "venv", ".venv", cwd=alone)
    assert made.returncode == 0, made.stderr
    python = str(next(alone.glob(".venv/[bS]*/python*")))
    words = ("-r", "requirements-part1.txt", "-c", "constraints.txt")
    installed = run("-m", "pip", "install", "--quiet", *words, cwd=alone, python=python, seconds=800)
    if installed.returncode and NO_WEB.search(installed.stderr):
        pytest.skip("there is no package index to install from")
    assert installed.returncode == 0, installed.stderr
    assert run("-c", "import torch", cwd=alone, python=python).returncode == 1
    check_two_commands(alone, project, python)


def test_everything_together_is_collected(alone: Path, project: Path) -> None:
    fill(alone, project, "part1_convnet", "part2_pytorch", "theory")  # labs lie in part 2
    (alone / "report").mkdir(exist_ok=True)
    (alone / "report" / "report.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    result = run(str(alone / "collect_submission.py"), cwd=alone.parent)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    uploads = {path.name for path in alone.glob("*_submission.*") if path.suffix in (".zip", ".pdf")}
    assert uploads == {
        "part1_convnet_submission.zip", "part2_pytorch_submission.zip", "theory_submission.zip",
        "report_submission.pdf", *(part.zip for part in load_course(project).manifest.parts if part.optional),
    }  # fmt: skip


def test_theory_is_read_without_the_laws_that_students_do_not_have(alone: Path, project: Path) -> None:
    blank = run("-m", "theory", "check", cwd=alone)
    assert (blank.returncode, blank.stderr) == (1, "") and "conv_matrix.dimensions: blank" in blank.stdout
    fill(alone, project, "theory")
    written = run("-m", "theory", "check", cwd=alone)
    assert (written.returncode, written.stderr) == (0, "")
    assert "grading decides whether the answer is" in written.stdout


def modules_of(source: str) -> Iterator[str]:
    """Yield the top-level packages that `source` imports by absolute names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def test_whatever_it_imports_is_in_it_or_in_its_requirements(alone: Path) -> None:
    lines = (alone / "requirements.txt").read_text(encoding="utf-8").splitlines()
    installed = {re.split(r"[;\s]", line)[0] for line in lines}
    known = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in installed} | ELSEWHERE
    known |= set(sys.stdlib_module_names)
    known |= {path.stem for path in alone.glob("part*/*")}  # for the notebooks, which put one of these first
    for path in sorted(alone.rglob("*.py")):
        beside = {
            entry.stem for folder in path.relative_to(alone).parents for entry in (alone / folder).iterdir()
        }
        unknown = set(modules_of(path.read_text(encoding="utf-8"))) - known - beside
        assert not unknown, f"{path.relative_to(alone)} imports {unknown}"


def test_part_1_needs_no_more_than_its_own_requirements(alone: Path) -> None:
    installed = set((alone / "requirements-part1.txt").read_text(encoding="utf-8").split())
    part = alone / "part1_convnet"
    own = {path.stem for path in part.iterdir()} | {"pytest"} | set(sys.stdlib_module_names)
    for path in sorted(part.rglob("*.py")):
        beside = {entry.stem for entry in path.parent.iterdir()}
        assert set(modules_of(path.read_text(encoding="utf-8"))) <= installed | own | beside, path
