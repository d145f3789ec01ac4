"""Faults that a submission brings on are its own: they earn no points, stop no class, and count."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import HarnessError
from autograder.core.model import Case, Outcome, Report
from autograder.grading.code import CodeGrader
from autograder.worker.grader_side import server
from autograder.worker.grader_side.host import Worker, WorkerHost

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers behind the wall need Linux")
Graded = Callable[..., Report]
Read = Callable[[], dict[str, Any]]

# A machine, such as a small container, that has room for one worker, where what is killed lingers for a while.
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
    return found


@needs_linux
def test_threads_that_leave_no_room_for_the_next_worker_earn_nothing(
    graded: Graded, read_results: Read, handed_in: Path, crowded_host: WorkerHost, part
) -> None:
    (handed_in / "modules" / "relu.py").write_bytes(HOARDER)
    report = graded(host=crowded_host)
    assert points(report) == {one.name: one.points for one in part.components} | {"relu": 0.0}
    assert not {verdict.outcome for verdict in report.verdicts} & {Outcome.BROKEN, Outcome.PROVISIONAL}
    assert "raised RuntimeError" in "".join(verdict.message for verdict in report.verdicts)
    assert sum(test["score"] for test in read_results()["tests"]) == report.score
