"""The whole grader on the solution, with room to break one of its pieces."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.course import Course, load_course
from autograder.grading.code import CodeGrader
from autograder.render.results_file import ResultsFile
from autograder.worker.grader_side.host import WorkerHost

SCHEMA = json.loads((Path(__file__).parents[1] / "render" / "results_schema.json").read_text())


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def part(course: Course) -> Part:
    return course.manifest.part("convnet")


@pytest.fixture
def host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture(scope="session")
def key(course: Course, part: Part) -> AnswerKey:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        return AnswerKey.build(course, part, running)


@pytest.fixture
def handed_in(course: Course, part: Part, tmp_path: Path) -> Path:
    """Return a folder with the solution, as a student would hand it in."""
    for name, content in course.solution(part).items():
        path = tmp_path / "ada" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "ada"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "out" / "results.json"


@pytest.fixture
def graded(
    course: Course, part: Part, host: WorkerHost, key: AnswerKey, handed_in: Path, results: Path
) -> Callable[..., Report]:
    """Return a function that grades what was handed in, and leaves results.json."""

    def run(**other: Any) -> Report:
        pieces: dict[str, Any] = {"part": part, "course": course, "host": host, "key": key, **other}
        with ResultsFile(results, course.manifest.feedback) as file:
            return CodeGrader(**pieces).grade(handed_in, watch=file.note)

    return run


@pytest.fixture
def read_results(results: Path, part: Part) -> Callable[[], dict[str, Any]]:
    """Return a function that reads results.json, whatever happened before, and finds it whole."""

    def read() -> dict[str, Any]:
        table: dict[str, Any] = json.loads(results.read_text())
        jsonschema.validate(table, SCHEMA)
        assert sum(test["max_score"] for test in table["tests"]) == pytest.approx(part.points)
        return table

    return read
