"""The workflow for GitHub Classroom: read as GitHub reads it, and its commands work on what students have."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.course import Course, load_course
from autograder.release.bundle import as_zip, student_files
from autograder.release.classroom import WORKFLOW
from tests.release.test_bundle_alone import run

Step = Mapping[str, Any]


@pytest.fixture(scope="module")
def files(project: Path) -> dict[str, bytes]:
    return student_files(load_course(project))


@pytest.fixture(scope="module")
def steps(files: dict[str, bytes]) -> list[Step]:
    """Return the steps of its one job; the plain loader takes `on` for true, which GitHub's does not."""
    table = yaml.load(files[WORKFLOW], yaml.BaseLoader)
    assert set(table) == {"name", "on", "permissions", "jobs"}
    assert set(table["on"]) == {"push", "workflow_dispatch"}
    assert table["permissions"] == {"contents": "read"}
    (job,) = table["jobs"].values()
    assert set(job) == {"runs-on", "timeout-minutes", "steps"}
    return list(job["steps"])


def commands(steps: list[Step]) -> Iterator[tuple[str, str]]:
    """Yield the folder and the command of each step that runs one."""
    for step in steps:
        assert ("uses" in step) != ("run" in step)
        assert set(step) <= {"name", "if", "uses", "with", "run", "working-directory"}
        if "run" in step:
            yield step.get("working-directory", "."), step["run"]


@pytest.fixture
def repository(files: dict[str, bytes], tmp_path: Path) -> Path:
    (tmp_path / "course.zip").write_bytes(as_zip(files, folder="repository"))
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "repository"


def test_every_required_part_with_public_tests_is_tested(steps: list[Step], course: Course) -> None:
    tested = {folder for folder, command in commands(steps) if "unittest" in command}
    assert tested == {"part1_convnet", "part2_pytorch"}
    assert all((course.root / folder / "tests").is_dir() for folder in tested)
    checked = [command.split()[-1] for _, command in commands(steps) if "collect" in command]
    assert checked == [part.name for part in course.manifest.parts if not part.optional]


def test_what_is_installed_is_in_the_repository(steps: list[Step], repository: Path) -> None:
    (install,) = [command for _, command in commands(steps) if "pip install" in command]
    words = install.split()
    named = [words[place + 1] for place, word in enumerate(words) if word in ("-r", "-c")]
    assert named == ["requirements.txt", "constraints.txt"]
    assert all((repository / name).is_file() for name in named)


@pytest.mark.slow
def test_its_commands_pass_on_the_solutions_and_name_what_is_open_before(
    steps: list[Step], repository: Path, course: Course
) -> None:
    ran = [pair for pair in commands(steps) if "pip install" not in pair[1]]
    assert all(command.startswith("python ") for _, command in ran)
    before = [run(*command.split()[1:], cwd=repository / folder) for folder, command in ran]
    tests = [each for each, (_, command) in zip(before, ran, strict=True) if "unittest" in command]
    assert all(each.returncode == 1 and "is not written yet" in each.stderr for each in tests)
    for part in course.manifest.parts:
        for name, content in course.solution(part).items():
            (repository / part.folder / name).write_bytes(content)
    for folder, command in ran:
        result: subprocess.CompletedProcess[str] = run(*command.split()[1:], cwd=repository / folder)
        assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    assert (repository / "part1_convnet_submission.zip").is_file()
