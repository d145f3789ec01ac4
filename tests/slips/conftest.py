"""A grader of part 1, and a way to grade one component of a program with a slip."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.diagnosis import diagnose
from autograder.core.model import Diagnosis, Explanation
from autograder.course import PACKAGE, Course
from autograder.grading.explaining import Explainer, failures_of
from autograder.hidden_tests.runner import Examiner, run
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace
from tests.hidden_tests.grading import read_answers

LOOPS = PACKAGE / "solutions" / "loops" / "part1_convnet"
FILES = {
    "conv2d": "modules/convolution.py",
    "max_pool": "modules/max_pool.py",
    "relu": "modules/relu.py",
    "linear": "modules/linear.py",
    "sgd": "optimizer/sgd.py",
}


@dataclass(frozen=True)
class Judged:
    """What became of one program: whether it lost a point, what was named, and what was explained."""

    is_caught: bool
    named: tuple[Diagnosis, ...]
    explanation: Explanation | None


Judge = Callable[[str, str], Judged]


@pytest.fixture(scope="session")
def texts(course: Course) -> dict[str, dict[str, str]]:
    """Return the right programs that slips are made from, by style and component."""
    solution = course.solution_texts(course.manifest.part("convnet"))
    loops = read_answers(LOOPS)
    return {
        style: {name: files[path] for name, path in FILES.items()}
        for style, files in (("loops", loops), ("vectors", solution))
    }


@pytest.fixture(scope="session")
def judge(course: Course) -> Iterator[Judge]:
    """Return a function that takes a component and the text of its file."""
    if sys.platform != "linux":
        pytest.skip("workers behind the sandbox need Linux")
    part = course.manifest.part("convnet")
    with WorkerHost(runtime="numpy", probes=part.probes, limits=part.limits, unsafe=True) as host:
        key = AnswerKey.build(course, part, host)

        def grade(component: str, text: str) -> Judged:
            answers = {**course.solution(part), FILES[component]: text.encode()}
            with workspace(course.given(part), answers) as folder:
                with closing(host.open(folder, allowed_imports=part.worker_imports)) as worker:
                    examiner = Examiner(lambda case: worker.ask(case, seconds=5), key.reference, part.partial)
                    verdicts = run(part.name, examiner, component=component)
                found = diagnose(examiner.observations, key.mutants(component), key.hints)
                failures = failures_of(component, examiner.observations, found)
                explainer = Explainer(
                    part, key.reference, lambda: host.open(folder, allowed_imports=part.worker_imports)
                )
                lost = any(verdict.score < verdict.spec.max_score for verdict in verdicts)
                return Judged(lost, found, explainer.explain(failures) if lost else None)

        yield grade
