"""The command `autograder`, installed by pip, works from any folder on any course."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from autograder.__main__ import course_around, main, without_course

COURSE = ("assignment.toml", "part1_convnet", "part2_pytorch", "theory", "constraints.txt")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "runs", "checkpoints")


@pytest.mark.parametrize(
    ("arguments", "course", "others"),
    [
        (["grade", "a.zip"], None, ["grade", "a.zip"]),
        (["--course", "x", "grade", "a.zip"], "x", ["grade", "a.zip"]),
        (["grade", "a.zip", "--course=x y"], "x y", ["grade", "a.zip"]),
        (["grade", "--", "--course", "x"], None, ["grade", "--", "--course", "x"]),
        (["grade", "--course"], None, ["grade", "--course"]),
    ],
)
def test_the_course_may_be_named_anywhere(
    arguments: list[str], course: str | None, others: list[str]
) -> None:
    assert without_course(arguments) == (None if course is None else Path(course), others)


def test_the_course_is_the_first_folder_upwards_with_a_manifest(tmp_path: Path) -> None:
    deep = tmp_path / "course" / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "course" / "assignment.toml").touch()
    (tmp_path / "assignment.toml").touch()
    assert course_around(deep) == tmp_path / "course"
    assert course_around(tmp_path) == tmp_path


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path, capsys) -> None:
    assert main(["doctor", "--course", str(tmp_path)]) == 2
    assert f"--course {tmp_path}: expected the folder of a course" in capsys.readouterr().err


@pytest.fixture(scope="module")
def command(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the project by pip, and return the command; its packages are those of this run."""
    place = tmp_path_factory.mktemp("installed")
    source = place / "source"
    shutil.copytree(project / "autograder", source / "autograder", ignore=NOT_COPIED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project / name, source / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    (packages,) = (place / "venv" / "lib").glob("*/site-packages")
    (packages / "also.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    python = place / "venv" / "bin" / "python"
    words = ["-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-build-isolation", source]
    subprocess.run([sys.executable, *words], check=True, cwd=place)
    shutil.rmtree(source)
    return place / "venv" / "bin" / "autograder"


@pytest.fixture
def course_folder(project: Path, tmp_path: Path) -> Path:
    """Return a course without a package of its own."""
    for name in COURSE:
        path = project / name
        if path.is_dir():
            shutil.copytree(path, tmp_path / "a course" / name, ignore=NOT_COPIED)
        else:
            (tmp_path / "a course").mkdir(exist_ok=True)
            shutil.copy(path, tmp_path / "a course" / name)
    return tmp_path / "a course"


def start(command: Path, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [command, *map(str, words)], cwd=cwd, env=kept, capture_output=True, text=True, timeout=240
    )


@pytest.mark.slow
def test_it_grades_from_any_folder_and_finds_the_course_upwards(
    command: Path, course_folder: Path, project: Path, tmp_path: Path
) -> None:
    sheet = project / "autograder" / "solutions" / "theory" / "answers.yaml"
    out = tmp_path / "out"
    elsewhere = start(
        command, "grade", sheet, "--part", "theory", "--out", out, "--course", course_folder, cwd=tmp_path
    )
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert (out / "answers" / "report.html").is_file()
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "ada.zip", "w") as archive:
        archive.write(sheet, "answers.yaml")
    words = ("class", tmp_path / "in", "--part", "theory", "--out", tmp_path / "class", "--workers", 1)
    inside = start(command, *words, "--json", cwd=course_folder / "theory" / "laws")
    assert inside.returncode == 0, inside.stderr
    told = json.loads(inside.stdout)
    assert (told["graded"], told["mean"]) == (1, told["points"])


@pytest.mark.slow
def test_a_course_with_its_own_package_is_graded_by_that(
    command: Path, course_folder: Path, project: Path, tmp_path: Path
) -> None:
    shutil.copytree(project / "autograder", course_folder / "autograder", ignore=NOT_COPIED)
    (course_folder / "autograder" / "__init__.py").write_text('"""Ours."""\n\n__version__ = "9.9"\n')
    there = start(command, "--version", "--course", course_folder, cwd=tmp_path)
    assert there.stdout == "autograder 9.9\n"
    assert start(command, "--version", cwd=tmp_path).stdout != there.stdout


@pytest.mark.slow
def test_without_a_course_one_sentence_says_what_to_do(command: Path, tmp_path: Path) -> None:
    result = start(command, "grade", tmp_path, cwd=tmp_path)
    assert result.returncode == 2
    assert "expected a course, with its assignment.toml, here or above" in result.stderr
    assert start(command, "--help", cwd=tmp_path).returncode == 0
