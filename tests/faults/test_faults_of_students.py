"""Faults that a submission brings on are its own: they earn no points, stop no class, and count."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.commands.grade_each import OURS, faults_of
from autograder.core.cohort import Entry, Line
from autograder.core.errors import HarnessError
from autograder.core.model import Case, Outcome, Report
from autograder.core.records import record_of
from autograder.grading import code, second_try
from autograder.worker.grader_side import server
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.grader_side.worker import Worker

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")
Graded = Callable[..., Report]
Read = Callable[[], dict[str, Any]]

# A machine, such as a small container, with room for one worker, where what is killed lingers for a while.
CROWDED = """
import os, time
whole, kill, killed = os.fork, os.killpg, [0.0]
def killpg(group, number):
    killed[0] = time.monotonic()
    kill(group, number)
def fork():
    if time.monotonic() < killed[0] + 0.3:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return whole()
os.fork, os.killpg = fork, killpg
"""
# Wrong, and as many threads as it may have: they are still dying when the next worker is wanted.
HOARDER = b"""
import sys, threading, time
import numpy as np

sys.modules["builtins"].__import__("ctypes").CDLL(None).mallopt(-8, 1)  # one arena: room for the threads
threading.stack_size(65536)
for _ in range(70):
    try:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except RuntimeError:
        break


class ReLU:
    def forward(self, x):
        raise RuntimeError("no")
"""


@pytest.fixture
def crowded_host(part, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerHost]:
    monkeypatch.setattr(server, "BOOT", CROWDED + server.BOOT)
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


def points(report: Report) -> dict[str, float]:
    found: dict[str, float] = {}
    for verdict in report.verdicts:
        found[verdict.spec.component] = found.get(verdict.spec.component, 0.0) + verdict.score
    return {name: round(score, 6) for name, score in found.items()}


@needs_linux
def test_threads_that_leave_no_room_for_the_next_worker_earn_nothing(
    graded: Graded, read_results: Read, handed_in: Path, crowded_host: WorkerHost, part
) -> None:
    (handed_in / "modules" / "relu.py").write_bytes(HOARDER)
    report = graded(host=crowded_host)
    assert points(report) == {one.name: one.points for one in part.components} | {"relu": 0.0}
    assert not {verdict.outcome for verdict in report.verdicts} & {Outcome.BROKEN, Outcome.PROVISIONAL}
    assert "raised RuntimeError" in "".join(verdict.message for verdict in report.verdicts)
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.score)


@needs_linux
def test_whoever_brings_down_the_fork_server_each_time_earns_nothing_and_costs_nobody(
    graded: Graded, handed_in: Path, host: WorkerHost, part, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_try, "PAUSES", (0.0, 0.0))
    relu = handed_in / "modules" / "relu.py"
    relu.write_bytes(b"BRINGS_IT_DOWN = True\n" + relu.read_bytes())
    ask = Worker.ask

    def bring_down(worker: Worker, case: Case, **settings: Any) -> Any:
        carried = b"".join(bytes(piece) for piece in worker._pending)
        if case.probe == "convnet.relu" and b"BRINGS_IT_DOWN" in carried + seen.get(id(worker), b""):
            worker._server._process.kill()
            worker._server._process.wait()
        seen[id(worker)] = carried + seen.get(id(worker), b"")
        return ask(worker, case, **settings)

    seen: dict[int, bytes] = {}
    monkeypatch.setattr(Worker, "ask", bring_down)
    report = graded()
    assert points(report) == {one.name: one.points for one in part.components} | {"relu": 0.0}
    mine = [verdict for verdict in report.verdicts if verdict.spec.component == "relu"]
    assert {verdict.outcome for verdict in mine} == {Outcome.PROVISIONAL}
    assert "It has no points until the staff has looked. For the staff: UnconfirmedFault: " in mine[0].message
    assert second_try.REMARKS[Outcome.PROVISIONAL] in report.remarks


@pytest.mark.parametrize("is_everybodys", [False, True], ids=["this one", "everybody's"])
def test_a_workspace_that_cannot_be_made_is_settled_by_the_references(
    graded: Graded, handed_in: Path, part, monkeypatch: pytest.MonkeyPatch, is_everybodys: bool
) -> None:
    relu = handed_in / "modules" / "relu.py"
    relu.write_bytes(b"TOO_LARGE = True\n" + relu.read_bytes())
    make = code.workspace

    def refuse(given: Any, answers: Any) -> Any:
        if is_everybodys or b"TOO_LARGE" in answers["modules/relu.py"]:
            raise HarnessError("The workspace file cannot be written; is the disk full?")
        return make(given, answers)

    monkeypatch.setattr(code, "workspace", refuse)
    monkeypatch.setattr(second_try, "workspace", refuse)
    report = graded()
    expected = Outcome.BROKEN if is_everybodys else Outcome.PROVISIONAL
    assert {verdict.outcome for verdict in report.verdicts} == {expected}
    assert report.score == (part.points if is_everybodys else 0.0)
    record = record_of(report, key="", files={})
    said = Line(Entry("ada", "ada", "ada.zip"), record).fault
    assert ("only with this submission's code" in said) == (not is_everybodys)
    assert faults_of(handed_in, report)[0][0] == OURS
