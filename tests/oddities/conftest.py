"""A grader with the usual limits, and the solution to be made odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.shell.answer_key import AnswerKey
from autograder.shell.course import Course, load_course
from autograder.shell.grade import grade
from autograder.worker.host import WorkerHost
from tests.oddities.packing import zipped


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def part(course: Course) -> Part:
    return course.manifest.part("convnet")


@pytest.fixture(scope="session")
def answers(course: Course, part: Part) -> Mapping[str, bytes]:
    """Return the solution, which an oddity changes."""
    return course.solution(part)


@pytest.fixture(scope="session")
def host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture(scope="session")
def key(course: Course, part: Part, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, part, host)


@pytest.fixture
def graded(
    course: Course, part: Part, host: WorkerHost, key: AnswerKey, tmp_path: Path
) -> Callable[[Mapping[str, bytes]], Report]:
    """Return a function that grades a zip of these files."""

    def run(files: Mapping[str, bytes]) -> Report:
        path = tmp_path / "ada.zip"
        path.write_bytes(zipped(files))
        return grade(path, part=part, course=course, host=host, key=key)

    return run
