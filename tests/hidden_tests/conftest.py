"""A host, the answer key, and a way to grade any set of answers with the real workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.core.diagnosis import diagnose
from autograder.core.model import Diagnosis, Verdict
from autograder.hidden_tests.runner import Examiner, run
from autograder.shell.answer_key import AnswerKey
from autograder.shell.course import Course, load_course
from autograder.shell.respondent import Respondent
from autograder.worker.host import WorkerHost

ALTERNATIVES = Path(__file__).parent / "alternatives"
COMPONENTS = ("conv2d", "max_pool", "relu", "linear", "convnet", "sgd")


@dataclass(frozen=True)
class Graded:
    """The verdicts on one set of answers, and the diagnoses of all components."""

    verdicts: tuple[Verdict, ...]
    diagnoses: tuple[Diagnosis, ...]

    @property
    def named(self) -> list[str]:
        """Return the ids of the mutants that were named."""
        return [diagnosis.mutant for diagnosis in self.diagnoses]

    @property
    def problems(self) -> list[str]:
        """Return what cost points, a line each."""
        return [
            f"{verdict.spec.number} {verdict.outcome.value}: {verdict.message}"
            for verdict in self.verdicts
            if verdict.score != verdict.spec.max_score or verdict.message
        ]


Grade = Callable[..., Graded]


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def host(course: Course) -> Iterator[WorkerHost]:
    if sys.platform != "linux":
        pytest.skip("workers behind the wall need Linux")
    with WorkerHost(runtime="numpy", limits=course.manifest.part("convnet").limits, unsafe=True) as host:
        yield host


@pytest.fixture(scope="session")
def key(course: Course, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, course.manifest.part("convnet"), host)


@pytest.fixture(scope="session")
def grade(course: Course, host: WorkerHost, key: AnswerKey) -> Grade:
    """Return a function that grades the solution with some of its files replaced."""
    part = course.manifest.part("convnet")

    def grade_answers(answers: Mapping[str, str], *components: str) -> Graded:
        files = {**course.solution(part), **{path: text.encode() for path, text in answers.items()}}
        verdicts: list[Verdict] = []
        diagnoses: list[Diagnosis] = []
        with Respondent(host, part, (course.given(part), files), "", {}) as student:
            for component in components or COMPONENTS:
                examiner = Examiner(student.ask, key.reference)
                verdicts += run(part.name, examiner, component=component)
                diagnoses += diagnose(examiner.observations, key.mutants(component), key.hints)
        return Graded(tuple(verdicts), tuple(diagnoses))

    return grade_answers


@pytest.fixture(scope="session")
def alternative() -> Callable[[str], dict[str, str]]:
    """Return a function that reads the answer files of one of the alternatives."""

    def read(name: str) -> dict[str, str]:
        folder = ALTERNATIVES / name
        return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.py")}

    return read
