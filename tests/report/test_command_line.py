from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "report"
Run = Callable[..., tuple[int, str]]


def test_start_makes_the_report_once_and_never_overwrites_it(course: Path, run: Run) -> None:
    assert run("start")[0] == 0
    path = course / "report" / "report.md"
    assert path.read_bytes() == (PACKAGE / "template.md").read_bytes()
    path.write_text("mine")
    code, said = run("start")
    assert code == 2 and "report.md already exists and was not changed" in said
    assert path.read_text() == "mine"


@pytest.mark.parametrize("command", ["check", "build"])
def test_without_a_report_the_next_step_is_named(run: Run, command: str) -> None:
    code, said = run(command)
    assert (
        code == 2 and "report.md does not exist; create it from the template: python -m report start" in said
    )


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("missing", ["pypandoc", "typst"])
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, missing: str
) -> None:
    run("start")
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == missing else find(name, *rest)
    )
    code, said = run(command)
    assert code == 2 and "pip install pypandoc_binary typst" in said and len(said.splitlines()) == 1


def test_a_folder_in_place_of_the_report_is_named(course: Path, run: Run) -> None:
    (course / "report" / "report.md").mkdir()
    code, said = run("check")
    assert code == 2 and "report.md cannot be opened: Is a directory." in said


@pytest.mark.parametrize("how", ["module", "folder"])
def test_it_runs_from_the_course_and_from_elsewhere(tmp_path: Path, how: str) -> None:
    course = tmp_path / "my course"
    shutil.copytree(PACKAGE, course / "report", ignore=shutil.ignore_patterns("report.*", "__pycache__"))
    shutil.copy(PACKAGE.parent / "assignment.json", course)
    command = ["-m", "report"] if how == "module" else [str(course / "report")]
    where = course if how == "module" else tmp_path
    for arguments, code in ((["start"], 0), (["check"], 1)):
        ended = subprocess.run(
            [sys.executable, *command, *arguments], cwd=where, capture_output=True, text=True
        )
        assert ended.returncode == code, ended.stderr
    assert "TODO is left" in ended.stdout and (course / "report" / "report.md").is_file()


def test_the_report_imports_nothing_of_the_staff() -> None:
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        roots = {name.partition(".")[0] for name in names}
        assert roots <= {*sys.stdlib_module_names, "report", "pypandoc", "typst"}, path.name


def test_the_rubric_grades_the_questions_of_the_template_and_adds_up() -> None:
    asked = re.findall(r"^## .+\{#(\w+)", (PACKAGE / "template.md").read_text(), re.MULTILINE)
    rubric = (PACKAGE / "rubric.md").read_text()
    graded = re.findall(r"^\| `(\w+)` \| (\d+) \|", rubric, re.MULTILINE)
    assert [id for id, _ in graded] == asked
    assert f"| **sum** | **{sum(int(points) for _, points in graded)}** |" in rubric
