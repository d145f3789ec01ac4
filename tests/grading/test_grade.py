"""Grading end to end: real hidden tests, real workers, and replies of the reference as the key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Outcome, Reply, Report
from autograder.course import Course, load_course
from autograder.grading.budget import Budget
from autograder.grading.code import CodeGrader
from autograder.render.gradescope import results
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace

RELU, SGD = "modules/relu.py", "optimizer/sgd.py"


class LiveKey:
    """The reference, asked at once instead of read from a file; it knows no mutants."""

    hints: Mapping[str, str] = {}

    def __init__(self, host: WorkerHost, folder: Path, part: Part) -> None:
        self._worker = host.open(folder, allowed_imports=part.allowed_imports)
        self._replies: dict[str, Reply] = {}

    def reference(self, case: Case) -> Reply:
        if case.key not in self._replies:
            self._replies[case.key] = self._worker.ask(case, seconds=60)
        return self._replies[case.key]

    def cases_of(self, component: str, case_set: int) -> Mapping[str, Case]:
        return {}

    def mutants(self, component: str) -> Mapping[str, Mapping[str, Reply]]:
        return {}

    def slips(self, component: str, case_set: int) -> None:
        return None


@pytest.fixture(scope="module")
def host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture(scope="module")
def key(host: WorkerHost, course: Course, part: Part) -> Iterator[LiveKey]:
    with workspace(course.given(part), course.solution(part)) as folder:
        yield LiveKey(host, folder, part)


@pytest.fixture
def graded(
    course: Course, part: Part, host: WorkerHost, key: LiveKey, answers, make_zip
) -> Callable[..., Report]:
    """Return a function that grades the solution with some files replaced; None leaves a file out."""

    def run(changes: Mapping[str, bytes | None], **options: Any) -> Report:
        files = {name: content for name, content in (answers | changes).items() if content is not None}
        watch = {"watch": options.pop("watch")} if "watch" in options else {}
        arguments = {"part": part, "course": course, "host": host, "key": key} | options
        report = CodeGrader(**arguments).grade(make_zip(files), **watch)
        assert report.max_score == part.points
        return report

    return run


def quick(part: Part, *, test_seconds: float, part_seconds: float) -> Part:
    """Return the part with limits that make hanging cheap."""
    return replace(part, limits=replace(part.limits, test_seconds=test_seconds, part_seconds=part_seconds))


def points(report: Report) -> dict[str, float]:
    found: dict[str, float] = {}
    for verdict in report.verdicts:
        found[verdict.spec.component] = found.get(verdict.spec.component, 0.0) + verdict.score
    return {name: round(score, 6) for name, score in found.items()}


def full(part: Part, **changes: float) -> dict[str, float]:
    return {component.name: component.points for component in part.components} | changes


def outcomes(report: Report, component: str) -> set[Outcome]:
    return {verdict.outcome for verdict in report.verdicts if verdict.spec.component == component}


def test_the_solution_gets_every_point_and_no_word_of_blame(graded, part: Part) -> None:
    report = graded({})
    assert points(report) == full(part)
    assert (report.violations, report.remarks, report.problem, report.diagnoses) == ((), (), "", ())
    assert {verdict.message for verdict in report.verdicts} == {""}


def test_the_skeleton_gets_exactly_nothing(graded, course: Course, part: Part) -> None:
    report = graded(course.skeleton(part))
    assert report.score == 0.0
    assert outcomes(report, "conv2d") == {Outcome.NOT_WRITTEN}
    assert "conv2d-forward is not written yet" in report.verdicts[0].message


def test_facts_say_what_graded_what(graded, course: Course, part: Part) -> None:
    facts = graded({}).facts
    assert facts["assignment_sha256"] == course.digests[part.name]
    assert len(facts["submission_sha256"]) == 64
    assert {"harness", "python", "numpy", "level", "layers"} <= set(facts)


def test_the_same_submission_gives_the_same_bytes_times_aside(graded, course: Course, answers) -> None:
    wrong = {RELU: answers[RELU].replace(b"0", b"1"), SGD: None}
    tables = [results(graded(wrong), course.manifest.feedback) for _ in range(2)]
    for table in tables:
        del table["execution_time"]
    assert json.dumps(tables[0]) == json.dumps(tables[1])


def test_a_missing_file_costs_its_own_component(graded, part: Part) -> None:
    report = graded({RELU: None})
    assert points(report) == full(part, relu=0.0)
    assert outcomes(report, "relu") == {Outcome.SKIPPED}
    assert {violation.policy for violation in report.violations} == {"file_names"}


BROKEN_FILES = {
    "does not parse": b"def broken(:\n",
    "raises on import": b"raise RuntimeError('no')\n",
    "exits on import": b"import sys\nsys.exit(1)\n",
    "is binary": bytes(range(256)) * 4,
    "imports what is not there": b"import torch\nclass ReLU(torch.nn.Module): pass\n",
    "is empty": b"",
}


@pytest.mark.parametrize("source", BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_file_that_does_not_run_costs_its_own_component(graded, part: Part, source: bytes) -> None:
    report = graded({RELU: source})
    assert points(report) == full(part, relu=0.0)
    assert not report.zeroed
    assert all(verdict.message for verdict in report.verdicts if verdict.spec.component == "relu")


def test_a_file_that_kills_its_process_costs_its_own_component(graded, part: Part) -> None:
    killing = b"import numpy as np\nnp.frompyfunc.__class__\nimport ctypes\n"
    deep = b"class ReLU:\n    def forward(self, x):\n        import os\n        os._exit(0)\n"
    for source in (killing, deep):
        assert points(graded({RELU: source})) == full(part, relu=0.0)


def test_what_was_defined_before_the_failing_line_is_rescued_where_the_policy_says_warn(
    graded, answers, part: Part
) -> None:
    late = {RELU: answers[RELU] + b"\nraise RuntimeError('too late')\n"}
    assert points(graded(late)) == full(part, relu=0.0)
    lenient = load_course(settings=["policy.non_runnable=warn"])
    assert points(graded(late, course=lenient)) == full(part)


def test_printing_takes_all_points_and_keeps_the_outcomes_in_view(graded, answers, part: Part) -> None:
    printing = {
        RELU: answers[RELU].replace(
            b"    def forward(self, x):", b"    def forward(self, x, note=print('hi')):"
        )
    }
    report = graded(printing)
    assert report.zeroed
    assert report.score == 0.0
    assert points(report) == full(part)
    assert ("prints", RELU) in [(violation.policy, violation.file) for violation in report.violations]
    lenient = load_course(settings=["policy.prints=warn"])
    assert graded(printing, course=lenient).score == part.points


def test_a_print_that_does_not_run_costs_nothing(graded, answers, part: Part) -> None:
    idle = {RELU: answers[RELU] + b"\n\ndef never():\n    print('debug')\n"}
    report = graded(idle)
    assert report.score == part.points
    assert any("did not run" in remark for remark in report.remarks)


def test_an_endless_loop_in_one_component_leaves_the_others_alone(graded, part: Part) -> None:
    report = graded({RELU: b"while True:\n    pass\n"}, part=quick(part, test_seconds=1, part_seconds=30))
    assert points(report) == full(part, relu=0.0)
    assert outcomes(report, "relu") == {Outcome.TIMED_OUT}
    messages = [verdict.message for verdict in report.verdicts if verdict.spec.component == "relu"]
    assert "(1 s of processor time)" in messages[0]
    assert "share of the part's 30 s" in messages[-1]


@pytest.mark.parametrize("hang", ["pass", "time.sleep(60)", "time.sleep(0.02)"])
def test_a_submission_that_hangs_everywhere_costs_no_more_than_its_budget(
    graded, part: Part, monkeypatch: pytest.MonkeyPatch, hang: str
) -> None:
    charged: list[float] = []
    charge = Budget.charge
    monkeypatch.setattr(Budget, "charge", lambda self, cost: (charged.append(cost), charge(self, cost))[1])
    hanging = quick(part, test_seconds=1, part_seconds=4)
    code = f"import time\nwhile True:\n    {hang}\n".encode()
    report = graded(dict.fromkeys(part.answer_files, code), part=hanging)
    assert report.score == 0.0
    assert 3.0 < sum(charged) < hanging.limits.part_seconds + 0.3 * len(charged)  # a look comes late
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.TIMED_OUT}


def test_an_unreadable_submission_is_a_report_of_zeros(course, part, host, key, tmp_path: Path) -> None:
    (tmp_path / "eve.zip").write_bytes(b"")
    report = CodeGrader(course, part, host, key).grade(tmp_path / "eve.zip")
    assert "is empty (0 bytes)" in report.problem
    assert (report.name, report.score, report.max_score) == ("eve", 0.0, part.points)


def test_the_table_is_complete_at_every_moment(graded, part: Part) -> None:
    seen: list[Report] = []
    final = graded({}, watch=seen.append)
    assert seen[-1] == final
    assert seen[0].score == 0.0
    assert len(seen) == len(final.verdicts) + 2
    assert {report.max_score for report in seen} == {part.points}
    scores = [report.score for report in seen]
    assert scores == sorted(scores)


# Faults of ours


class BrokenHost:
    """A host whose fork server is lost."""

    def __init__(self, error: HarnessError) -> None:
        self._error = error

    def open(self, workspace: Path, **settings: object) -> Any:
        raise self._error

    def facts(self) -> Mapping[str, Any]:
        raise self._error


def test_a_lost_fork_server_costs_no_points_and_says_so(graded, part: Part) -> None:
    report = graded({}, host=BrokenHost(HarnessError("The fork server is lost.")))
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.BROKEN}
    assert points(report) == full(part)
    assert "The fork server is lost." in report.verdicts[0].message


def test_a_wall_with_holes_stops_the_grading(graded) -> None:
    with pytest.raises(WallError):
        graded({}, host=BrokenHost(WallError("The sandbox does not hold.")))


class EmptyKey(LiveKey):
    def __init__(self) -> None:
        pass

    def reference(self, case: Case) -> Reply:
        raise HarnessError("The answer key holds no reply; run `python -m autograder key`.")


def test_a_missing_answer_key_costs_no_points_and_tells_the_staff(graded, part: Part) -> None:
    report = graded({}, key=EmptyKey())
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.BROKEN}
    assert points(report) == full(part)
    assert "run `python -m autograder key`" in report.verdicts[0].message


class FlakyWorker:
    """A worker that runs out of time at the first question ever, as on a machine that was busy."""

    def __init__(self, worker: Any, told: list[str]) -> None:
        self._worker, self._told, self._dead = worker, told, False

    @property
    def alive(self) -> bool:
        return bool(self._worker.alive and not self._dead)

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        if not self._told:
            self._told.append(case.key)
            self._dead = True
            return Reply(Ending.TIMED_OUT, reason=f"{seconds:g} s")
        reply: Reply = self._worker.ask(case, seconds=seconds, then=then)
        return reply

    def close(self) -> None:
        self._worker.close()

    def end_and_wait(self) -> None:
        self._worker.end_and_wait()


class FlakyHost:
    def __init__(self, host: WorkerHost) -> None:
        self._host, self.told = host, list[str]()

    def open(self, workspace: Path, **settings: Any) -> FlakyWorker:
        return FlakyWorker(self._host.open(workspace, **settings), self.told)

    def facts(self) -> Mapping[str, Any]:
        return self._host.facts()


class Remarking:
    """A worker, and its host, that runs nothing and remarks on what the answers import."""

    alive = True

    def open(self, workspace: Path, **settings: object) -> Remarking:
        return self

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        imports = enumerate(["torchvision.transforms", "socket"])
        said = (f"{RELU}:{line} imports {name}, which is not allowed here." for line, name in imports)
        return Reply(Ending.ANSWERED, remarks=tuple(said))

    def close(self) -> None:
        pass

    end_and_wait = close

    def facts(self) -> Mapping[str, Any]:
        return {}


def test_a_module_that_may_be_imported_but_is_not_there_is_no_remark(graded, part: Part) -> None:
    lacking = replace(
        part, allowed_imports=(*part.allowed_imports, "torchvision"), absent_imports=("torchvision",)
    )
    said = (f"{RELU}:1 imports socket, which is not allowed here.",)
    assert graded({}, host=Remarking(), part=lacking).remarks == said
    assert len(graded({}, host=Remarking()).remarks) == 2


def test_one_time_out_is_asked_again_for_the_machine_may_be_to_blame(
    graded, host: WorkerHost, part: Part
) -> None:
    flaky = FlakyHost(host)
    assert points(graded({}, host=flaky)) == full(part)
    assert len(flaky.told) == 1
