"""Every command holds on any console, and ends quietly where nobody reads what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "collector": (["collect_submission.py", "--force"], {0, 2}),
    "theory check": (["-m", "theory", "check"], {1}),
    "theory show": (["-m", "theory", "show", "network_parameters"], {0}),
    "theory sheet": (["-m", "theory", "sheet"], {0}),
    "theory help": (["-m", "theory", "--help"], {0}),
    "report check": (["-m", "report", "check"], {1, 2}),
    "autograder help": (["-m", "autograder", "grade", "--help"], {0}),
    "autograder class": (["-m", "autograder", "class", "nowhere", "--out", "out"], {2}),
    "autograder skeleton": (["-m", "autograder", "skeleton", "--check"], {0}),
    "autograder grade": (
        ["-m", "autograder", "grade", "answers.yaml", "--part", "theory", "--out", "out"],
        {0},
    ),
}


@pytest.fixture(scope="module")
def course(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the course, in which the commands may write."""
    root = tmp_path_factory.mktemp("consoles") / "course"
    left_out = shutil.ignore_patterns(".git", ".venv", ".cache", "_build", "__pycache__", "tests", "out")
    shutil.copytree(project, root, ignore=left_out)
    shutil.copy(root / "autograder" / "solutions" / "theory" / "answers.yaml", root / "answers.yaml")
    return root


def run(course: Path, arguments: list[str], *, encoding: str, pipe: int | None = None):
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding, "PYTHONPATH": str(course)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=course, stdout=subprocess.PIPE if pipe is None else pipe, stderr=subprocess.PIPE, timeout=120,
        env=environment, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("arguments", "codes"), COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_a_console_of_any_encoding_is_no_matter(
    course: Path, arguments: list[str], codes: set[int], encoding: str
) -> None:
    done = run(course, arguments, encoding=encoding)
    assert done.returncode in codes, done.stderr
    assert b"Traceback" not in done.stderr and b"UnicodeEncodeError" not in done.stderr


@pytest.mark.parametrize(("arguments", "codes"), COMMANDS.values(), ids=COMMANDS)
def test_a_closed_pipe_ends_nothing_and_says_nothing(
    course: Path, arguments: list[str], codes: set[int]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(course, arguments, encoding="utf-8", pipe=writing)
    finally:
        os.close(writing)
    assert done.returncode in codes, done.stderr
    assert b"BrokenPipe" not in done.stderr and b"Traceback" not in done.stderr


def test_the_files_are_written_though_nobody_reads(course: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    shutil.rmtree(course / "out", ignore_errors=True)
    arguments = ["-m", "autograder", "grade", "answers.yaml", "--part", "theory", "--out", "out"]
    run(course, arguments, encoding="utf-8", pipe=writing)
    os.close(writing)
    assert (course / "out" / "answers" / "report.html").is_file()
    assert (course / "out" / "index.html").is_file()


def test_a_manifest_with_a_byte_order_mark_and_crlf_is_read(course: Path) -> None:
    for name in ("assignment.toml", "assignment.json"):
        content = (course / name).read_bytes()
        (course / name).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
        try:
            for command in ("theory show", "autograder grade", "collector"):
                arguments, codes = COMMANDS[command]
                done = run(course, arguments, encoding="utf-8")
                assert done.returncode in codes, (name, command, done.stdout, done.stderr)
        finally:
            (course / name).write_bytes(content)
