"""Inputs that are slow, deep or large before a worker sees them: seconds, and one sentence."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.core.errors import SubmissionError
from autograder.core.model import Report
from autograder.course import Course, load_course
from autograder.grading.grader import Grader, open_grader
from autograder.grading.kind import kind_of
from autograder.grading.stages import Stages
from autograder.intake.submission import Submission
from autograder.render.results_file import ResultsFile

SECONDS = 25.0  # of computing and of waiting, on a busy machine
NINES = "9" * 30
ANSWERS = {
    "a power of a power": "exp(9^64)",
    "powers of large numbers": "*".join([f"{NINES}^64"] * 3),
    "a tower": "9^9^9^9^9^9",
    "a factorial of a factorial": "((99!)!)!",
    "sums of large powers": "+".join([f"{NINES}^64"] * 200),
    "brackets": "(" * 5000 + "1" + ")" * 5000,
    "minus signs": "-" * 9000 + "1",
    "fractions in fractions": r"\frac{1}{" * 900 + "2" + "}" * 900,
    "a long number": "9" * 9000,
    "a long product": "*".join(["(a+b)"] * 1500),
    "functions of functions": "exp(" * 60 + "1" + ")" * 60,
    "a wide matrix": "[" + ",".join(["[1,2]"] * 4000) + "]",
}


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="module")
def theory(course: Course) -> Iterator[Grader]:
    with open_grader(course, course.manifest.part("theory")) as grader:
        yield grader


def graded(grader: Grader, path: Path) -> Report:
    started = time.monotonic()
    with ResultsFile(path.with_suffix(".json"), grader.course.manifest.feedback) as file:
        report = grader.grade(path, watch=file.note)
    assert time.monotonic() - started < SECONDS
    assert sum(verdict.spec.max_score for verdict in report.verdicts) == pytest.approx(grader.part.points)
    assert len(report.problem) < 1000
    assert "\n" not in report.problem
    return report


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_hard_to_read_costs_itself_or_its_sheet(
    theory: Grader, tmp_path: Path, answer: str
) -> None:
    path = tmp_path / "answers.yaml"
    solution = theory.course.solution(theory.part)[theory.part.answer_files[0]]
    names = [
        line.partition(b":")[0] for line in solution.splitlines() if line.startswith(b"relu_network.W_1")
    ]
    assert names
    path.write_bytes(b"\n".join([*(name + b": '" + answer.encode() + b"'" for name in names)]))
    assert graded(theory, path).score < theory.part.points
    path.write_bytes(solution)
    assert graded(theory, path).score == pytest.approx(theory.part.points)


SHEETS = {
    "lists in lists": b"a: " + b"[" * 100_000,
    "mappings in mappings": b"".join(b" " * depth + b"a:\n" for depth in range(900)),
    "many names": b"".join(b"n%d: 1\n" % number for number in range(40_000)),
    "aliases": b"a: &a x\n" + b"".join(b"b%d: *a\n" % number for number in range(20_000)),
    "one long line": b"a: '" + b"x" * 400_000 + b"'",
    "quotes": b"'" * 400_000,
    "comments": b"#\n" * 200_000,
}


@pytest.mark.parametrize("content", SHEETS.values(), ids=SHEETS)
def test_a_sheet_that_is_hard_to_read_costs_itself(theory: Grader, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(content)
    assert graded(theory, path).score == 0


def combining(count: int) -> str:
    """Return a name of letters with `count` marks in an order that normalisation has to sort."""
    marks = [chr(code) for code in range(0x300, 0x370) if unicodedata.combining(chr(code))]
    return "a" + "".join(marks[index * 7 % len(marks)] for index in range(count))


def zipped(names: list[str], content: bytes = b"x = 1\n") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def matryoshka(depth: int) -> bytes:
    inner = zipped(["modules/relu.py"])
    for _ in range(depth):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("inner.zip", inner)
        inner = stream.getvalue()
    return inner


ZIPS = {
    "marks by the thousand": lambda: zipped([f"{combining(30_000)}{number}.py" for number in range(15)]),
    "folders in folders": lambda: zipped(["f/" * 30_000 + "relu.py"]),
    "many deep folders": lambda: zipped([f"{number}/" + "f/" * 1000 + "relu.py" for number in range(300)]),
    "zips in zips": lambda: matryoshka(300),
    "dots": lambda: zipped(["./" * 30_000 + "modules/relu.py"]),
    "backslashes": lambda: zipped(["\\" * 60_000 + "relu.py"]),
    "an expression that is deep": lambda: zipped(["modules/relu.py"], b"x = " + b"(" * 90_000),
    "signs": lambda: zipped(["modules/relu.py"], b"x = " + b"-" * 900_000 + b"1"),
    "attributes": lambda: zipped(["modules/relu.py"], b"import a" + b".a" * 900_000),
}


@pytest.mark.parametrize("make", ZIPS.values(), ids=ZIPS)
def test_a_zip_that_is_hard_to_read_is_read_or_refused_in_time(course: Course, tmp_path: Path, make) -> None:
    path = tmp_path / "mallory.zip"
    path.write_bytes(make())
    part = course.manifest.part("convnet")
    with closing(Stages()) as stages:
        started = time.monotonic()
        try:
            stages.run(kind_of(part).reading, Submission, path=path, part=part, course=course)
        except SubmissionError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 1000
        assert time.monotonic() - started < SECONDS


@pytest.fixture
def deep_folder() -> Iterator[Path]:
    """Yield a folder with folders in it, 1,200 deep: a path to the last one is longer than paths may be."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name, "mallory")
        top.mkdir()
        here = os.open(top, os.O_RDONLY)
        for _ in range(1200):
            os.mkdir("folder", dir_fd=here)
            deeper = os.open("folder", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        os.close(here)
        yield top
        subprocess.run(["rm", "-rf", str(top)], check=True)  # for Python it is too deep


def test_folders_in_folders_are_passed_over(course: Course, deep_folder: Path) -> None:
    part = course.manifest.part("convnet")
    with closing(Stages()) as stages:
        with pytest.raises(SubmissionError, match="holds no files"):
            stages.run(kind_of(part).reading, Submission, path=deep_folder, part=part, course=course)
        for name, content in course.solution(part).items():
            (deep_folder / name).parent.mkdir(exist_ok=True)
            (deep_folder / name).write_bytes(content)
        submission = stages.run(kind_of(part).reading, Submission, path=deep_folder, part=part, course=course)
        assert set(submission.files) == set(part.answer_files)
