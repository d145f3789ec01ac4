"""A grader with the usual limits, and the solution to be made odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.course import Course, load_course
from autograder.grading.code import CodeGrader
from autograder.worker.grader_side.host import WorkerHost
from tests.oddities.packing import Files, zipped

IMAGES = (
    "parts.pytorch.test_set.source=procedural",
    "parts.pytorch.test_set.images=500",  # every class 50 times
)


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
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
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
        return CodeGrader(course, part, host, key).grade(path)

    return run


@pytest.fixture(scope="session")
def graded_with_weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Files], Report]]:
    """Return a function that grades part 2, where knowing one class of ten earns all of a checkpoint."""
    course = load_course(settings=IMAGES)
    part = course.manifest.part("pytorch")
    easy = {name: replace(rule, tiers=((0.05, 1.0),)) for name, rule in part.weights.items()}
    part = replace(part, weights=easy)
    path = tmp_path_factory.mktemp("weights") / "ada.zip"
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as host:
        key = AnswerKey.build(load_course(), part, host)

        def run(files: Files) -> Report:
            path.write_bytes(zipped(files))
            return CodeGrader(course, part, host, key).grade(path)

        yield run
