"""A way to grade one component of a program with slips, as a submission is graded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.model import Diagnosis, Explanation
from autograder.course import Course
from autograder.grading.explaining import Explainer, failures_of
from autograder.grading.naming import name_bugs
from autograder.hidden_tests.runner import Examiner, run
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace
from tests.names import called


@dataclass(frozen=True)
class Judged:
    """What became of one program: whether it lost a point, what was named, and what was explained."""

    is_caught: bool
    told: tuple[Diagnosis, ...]
    explanation: Explanation | None

    @property
    def named(self) -> list[str]:
        """Return the hints of the bugs that were named, places left out."""
        return [each.hint for each in self.told if not each.is_place]

    @property
    def has_condition(self) -> bool:
        """Tell whether a condition that separates was told."""
        return self.explanation is not None and bool(self.explanation.sentences)

    @property
    def has_example(self) -> bool:
        """Tell whether a smallest example was shown."""
        return self.explanation is not None and self.explanation.example is not None


Judge = Callable[..., Judged]


@pytest.fixture(scope="session")
def keys(course: Course) -> Iterator[dict[str, tuple[WorkerHost, AnswerKey]]]:
    """Return a host and the answer key of each part that has generated bugs."""
    if sys.platform != "linux":
        pytest.skip("workers behind the sandbox need Linux")
    found = {}
    with ExitStack() as stack:
        for name, runtime in (("convnet", "numpy"), ("pytorch", "torch")):
            part = course.manifest.part(name)
            host = stack.enter_context(
                WorkerHost(runtime=runtime, probes=part.probes, limits=part.limits, unsafe=True)
            )
            found[name] = (host, AnswerKey.build(course, part, host))
        yield found


@pytest.fixture(scope="session")
def judge(course: Course, keys: dict[str, tuple[WorkerHost, AnswerKey]]) -> Judge:
    """Return a function that takes a part, a component, the text of its file, and a case set."""

    def grade(part_name: str, component: str, text: str, case_set: int = 0) -> Judged:
        part, component = course.manifest.part(part_name), called(component)
        host, key = keys[part_name]
        answers = {**course.solution(part), part.component(component).file: text.encode()}
        with workspace(course.given(part), answers) as folder:
            with closing(host.open(folder, allowed_imports=part.worker_imports)) as worker:
                examiner = Examiner(
                    lambda case: worker.ask(case, seconds=5), key.reference, part.partial, case_set=case_set
                )
                verdicts = run(part, examiner, component=component)
            told = name_bugs(key, component, case_set, examiner.observations)
            failures = failures_of(component, examiner.observations, told)
            explainer = Explainer(
                part, key.reference, lambda: host.open(folder, allowed_imports=part.worker_imports)
            )
            lost = any(verdict.score < verdict.spec.max_score for verdict in verdicts)
            return Judged(lost, told, explainer.explain(failures) if lost else None)

    return grade
