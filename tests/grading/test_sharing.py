"""One worker serves one component after another; what goes wrong in it is asked again of a fresh one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Ending, Outcome, Report
from autograder.course import Course
from autograder.grading.budget import Budget
from autograder.grading.code import CodeGrader
from autograder.grading.submission_worker import SubmissionWorker
from autograder.worker.grader_side.host import WorkerHost
from tests.grading.test_ahead import A, B, ScriptedHost
from tests.names import called

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")


class Counting:
    """A host that counts the workers it opens."""

    def __init__(self, host: WorkerHost) -> None:
        self._host, self.opened = host, 0

    def open(self, workspace: Path, **settings: Any) -> Any:
        self.opened += 1
        return self._host.open(workspace, **settings)

    def facts(self) -> Mapping[str, Any]:
        return self._host.facts()


@pytest.fixture(scope="module")
def running(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as host:
        yield host


@pytest.fixture
def host(running: WorkerHost) -> Counting:
    return Counting(running)


@pytest.fixture(scope="module")
def key(course: Course, part: Part, running: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, part, running)


def outcomes(report: Report) -> dict[str, set[Outcome]]:
    found: dict[str, set[Outcome]] = {}
    for verdict in report.verdicts:
        found.setdefault(verdict.spec.component, set()).add(verdict.outcome)
    return found


@needs_linux
def test_all_components_of_right_answers_are_served_by_one_worker(
    answers: dict[str, bytes], make_zip, course: Course, part: Part, host: Counting, key: AnswerKey
) -> None:
    report = CodeGrader(course, part, host, key).grade(make_zip(answers))
    assert report.score == part.points
    assert host.opened == 1


LEFTOVERS = {
    "a function that is gone": "numpy.random.seed = None",
    "a probe that is gone": "_sys.modules['autograder.worker.probes.convnet'].linear = None",
    "a wire that is cut": "_sys.modules['autograder.worker.student_side.probe_runner'].encode = None",
}


@needs_linux
@pytest.mark.parametrize("leftover", LEFTOVERS.values(), ids=list(LEFTOVERS))
def test_what_one_file_leaves_behind_costs_no_other_component(
    leftover: str,
    answers: dict[str, bytes],
    make_zip,
    course: Course,
    part: Part,
    host: Counting,
    key: AnswerKey,
) -> None:
    head = f"import numpy\nfrom collections import _sys\n{leftover}\n"
    files = answers | {"modules/relu.py": head.encode() + answers["modules/relu.py"]}
    report = CodeGrader(course, part, host, key).grade(make_zip(files))
    found = outcomes(report)
    assert all(found[called(name)] == {Outcome.PASSED} for name in ("conv2d", "max_pool", "linear", "sgd"))
    assert host.opened > 1  # something did go wrong in the worker that all of them shared


# The bench alone


def test_a_second_component_is_asked_of_the_same_worker(part: Part) -> None:
    host = ScriptedHost()
    bench = SubmissionWorker(host, Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2))
    bench.begin({A.key: A})
    bench.ask(A)
    bench.end(part.components[0])
    assert not bench.may_be_contaminated
    bench.begin({B.key: B})
    bench.ask(B)
    assert [number for number, *_ in host.log] == [0, 0]
    assert bench.may_be_contaminated
    bench.begin_again({B.key: B})
    bench.ask(B)
    assert [number for number, *_ in host.log] == [0, 0, 1]
    assert not bench.may_be_contaminated


def test_after_nothing_but_crashes_the_next_worker_is_a_fresh_one(part: Part) -> None:
    host = ScriptedHost({"a": [Ending.CRASHED]})
    bench = SubmissionWorker(host, Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2))
    bench.begin({A.key: A})
    bench.ask(A)
    bench.end(part.components[0])
    bench.begin({B.key: B})
    assert not bench.may_be_contaminated


def test_a_time_out_is_not_asked_again_for_others_sake(part: Part) -> None:
    host = ScriptedHost({"b": [Ending.TIMED_OUT, Ending.TIMED_OUT]})
    bench = SubmissionWorker(host, Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2))
    for case in (A, B):
        bench.begin({case.key: case})
        bench.ask(case)
        if case is A:
            bench.end(part.components[0])
    assert not bench.may_be_contaminated


def test_what_took_most_of_its_time_is_not_repeated(part: Part) -> None:
    budget = Budget(part.limits, 1)
    budget.begin_component()
    budget.charge(part.limits.part_seconds / 10)
    assert budget.allows_a_repeat
    budget.charge(part.limits.part_seconds / 2)
    assert not budget.allows_a_repeat
