"""A host with torch, the answer key, and a way to grade any answers of part 2 with the real workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.worker.grader_side.host import WorkerHost
from tests.hidden_tests.grading import Grade, grader, read_answers, styles_of


@pytest.fixture(scope="session")
def part(course: Course) -> Part:
    return course.manifest.part("pytorch")


@pytest.fixture(scope="session")
def host(part: Part) -> Iterator[WorkerHost]:
    if sys.platform != "linux":
        pytest.skip("workers in the sandbox need Linux")
    with WorkerHost(
        runtime="torch", probes=("pytorch", "checkpoint"), limits=part.limits, unsafe=True
    ) as host:
        yield host


@pytest.fixture(scope="session")
def key(course: Course, part: Part, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, part, host)


@pytest.fixture(scope="session")
def grade(course: Course, part: Part, host: WorkerHost, key: AnswerKey) -> Grade:
    """Return a function that grades the solution with some of its files replaced."""
    return grader(part, course, host, key)


@pytest.fixture(scope="session")
def alternative(part: Part) -> Callable[[str], dict[str, str]]:
    """Return a function that reads the answer files of one of the alternatives."""
    styles = styles_of(part)
    return lambda name: read_answers(*styles[name])
