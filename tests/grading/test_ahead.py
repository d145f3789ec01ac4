"""Cases that go out ahead change no result; where the order is not certain, none goes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Reply
from autograder.course import Course, load_course
from autograder.grading.budget import Budget
from autograder.grading.code import CodeGrader
from autograder.grading.submission_worker import SubmissionWorker
from autograder.release.samples import pack, read_samples
from autograder.render.gradescope import results
from autograder.worker.grader_side.host import WorkerHost

ROOT = Path(__file__).resolve().parents[2]
COURSE = load_course(ROOT)
SAMPLES = {sample.name: sample for sample in read_samples(COURSE, COURSE.manifest.parts[0])}
A, B, C = (Case(f"convnet.{name}") for name in "abc")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")

# The whole grading


@pytest.fixture(scope="module")
def host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture(scope="module")
def key(course: Course, part: Part, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, part, host)


class WithoutCases(AnswerKey):
    """An answer key that does not tell which cases will be asked, so that none goes out ahead."""

    def cases_of(self, component: str, case_set: int = 0) -> dict[str, Case]:
        return {}


def one_by_one(key: AnswerKey) -> AnswerKey:
    return WithoutCases(key.part, key.hints, key.components, key.replies)


def graded(path: Path, course: Course, part: Part, host: WorkerHost, key: AnswerKey) -> str:
    report = CodeGrader(course, part, host, key).grade(path)
    table = results(report, course.manifest.feedback)
    del table["execution_time"]
    return json.dumps(table)


@needs_linux
@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_a_sample_gets_the_same_bytes_with_and_without(
    sample: Any, tmp_path: Path, course: Course, part: Part, host: WorkerHost, key: AnswerKey
) -> None:
    path = tmp_path / f"{sample.name}.zip"
    path.write_bytes(pack(sample))
    assert graded(path, course, part, host, key) == graded(path, course, part, host, one_by_one(key))


STATEFUL = {
    "dies": ("os._exit(1)", '"outcome": "crashed"'),
    "hangs": ("while True: pass", '"outcome": "timed_out"'),
    "prints": ("print('three')", "three"),
    "raises": ("raise ValueError(CALLS)", r"ValueError: \"3"),
}


@needs_linux
@pytest.mark.parametrize(("body", "said"), STATEFUL.values(), ids=list(STATEFUL))
def test_code_that_counts_its_calls_gets_the_same_bytes_with_and_without(
    body: str,
    said: str,
    answers: dict[str, bytes],
    make_zip,
    course: Course,
    part: Part,
    host: WorkerHost,
    key: AnswerKey,
) -> None:
    source = answers["modules/relu.py"].decode()
    counting = f"global CALLS\n        CALLS += 1\n        if CALLS == 3:\n            {body}\n        "
    head, mark, tail = source.partition("    def forward(self, x):\n")
    docstring, quotes, rest = tail.partition('"""\n')
    assert mark
    assert quotes
    hostile = (
        f"from collections import _sys\nos = _sys.modules['os']\nCALLS = 0\n{head}{mark}{docstring}{quotes}"
    )
    files = answers | {"modules/relu.py": f"{hostile}        {counting}{rest.lstrip()}".encode()}
    quick = replace(part, limits=replace(part.limits, test_seconds=1.0))
    path = make_zip(files)
    tables = [graded(path, course, quick, host, one) for one in (key, one_by_one(key))]
    assert tables[0] == tables[1]
    assert said in tables[0]


# The bench alone


@dataclass
class ScriptedWorker:
    """Reply as scripted, and write down what was asked and given ahead."""

    log: list[tuple[int, str, str]]
    number: int
    endings: dict[str, list[Ending]]
    alive: bool = True
    ahead: Case | None = None

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        assert self.ahead in (None, case)
        self.log.append((self.number, case.probe[-1], then.probe[-1] if then else ""))
        ending = (self.endings.get(case.probe[-1]) or [Ending.ANSWERED]).pop(0)
        self.alive = ending in (Ending.ANSWERED, Ending.RAISED)
        self.ahead = then if self.alive else None
        return Reply(ending)

    def end_and_wait(self) -> None:
        self.close()

    def close(self) -> None:
        self.alive = False


@dataclass
class ScriptedHost:
    endings: dict[str, list[Ending]] = field(default_factory=dict)
    log: list[tuple[int, str, str]] = field(default_factory=list)
    workers: list[ScriptedWorker] = field(default_factory=list)

    def open(self, workspace: Path, **settings: Any) -> ScriptedWorker:
        self.workers.append(ScriptedWorker(self.log, len(self.workers), self.endings))
        return self.workers[-1]

    def facts(self) -> dict[str, Any]:
        return {}


def begun(host: ScriptedHost, part: Part) -> SubmissionWorker:
    bench = SubmissionWorker(host, Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2))
    bench.begin({case.key: case for case in (A, B, C)})
    return bench


def test_each_question_takes_the_next_one_along(part: Part) -> None:
    host = ScriptedHost()
    bench = begun(host, part)
    for case in (A, B, C):
        bench.ask(case)
    assert host.log == [(0, "a", "b"), (0, "b", "c"), (0, "c", "")]


def test_a_case_out_of_turn_is_asked_of_a_fresh_worker(part: Part) -> None:
    host = ScriptedHost()
    bench = begun(host, part)
    for case in (A, C):
        bench.ask(case)
    assert host.log == [(0, "a", "b"), (1, "c", "")]
    assert not host.workers[0].alive


@pytest.mark.parametrize("ending", [Ending.CRASHED, Ending.OVER_LIMIT])
def test_after_a_death_questions_go_out_one_by_one(part: Part, ending: Ending) -> None:
    host = ScriptedHost({"a": [ending]})
    bench = begun(host, part)
    for case in (A, B, C):
        bench.ask(case)
    assert host.log == [(0, "a", "b"), (1, "b", ""), (1, "c", "")]


def test_a_question_that_is_asked_again_goes_out_alone(part: Part) -> None:
    host = ScriptedHost({"a": [Ending.TIMED_OUT, Ending.ANSWERED]})
    bench = begun(host, part)
    for case in (A, B, C):
        bench.ask(case)
    assert host.log == [(0, "a", "b"), (1, "a", ""), (1, "b", "c"), (1, "c", "")]
