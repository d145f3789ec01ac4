"""A host, the answer key, and a way to grade any set of answers of part 1 with the real workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.course import Course, load_course
from autograder.worker.grader_side.host import WorkerHost
from tests.hidden_tests.grading import Grade, grader, read_answers, styles_of


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def host(course: Course) -> Iterator[WorkerHost]:
    if sys.platform != "linux":
        pytest.skip("workers in the sandbox need Linux")
    with WorkerHost(
        runtime="numpy", probes=["convnet"], limits=course.manifest.part("convnet").limits, unsafe=True
    ) as host:
        yield host


@pytest.fixture(scope="session")
def key(course: Course, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, course.manifest.part("convnet"), host)


@pytest.fixture(scope="session")
def grade(course: Course, host: WorkerHost, key: AnswerKey) -> Grade:
    """Return a function that grades the solution with some of its files replaced."""
    return grader(course.manifest.part("convnet"), course, host, key)


@pytest.fixture(scope="session")
def alternative(course: Course) -> Callable[[str], dict[str, str]]:
    """Return a function that reads the answer files of one of the alternatives."""
    styles = styles_of(course.manifest.part("convnet"))
    return lambda name: read_answers(*styles[name])
