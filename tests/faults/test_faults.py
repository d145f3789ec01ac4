"""Faults of ours are ours: `broken`, no point lost, the staff is told, and results.json is whole."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.errors import HarnessError
from autograder.core.manifest import Part
from autograder.core.model import Case, Outcome, Reply, Report
from autograder.grading import naming, second_try
from autograder.hidden_tests.convnet import relu
from autograder.worker.grader_side.host import WorkerHost
from tests.names import called

Graded = Callable[..., Report]
Read = Callable[[], dict[str, Any]]


def broken(report: Report) -> set[str]:
    """Return the components with broken tests; every one of these must keep its points and tell the staff."""
    found = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.BROKEN]
    for verdict in found:
        assert verdict.score == verdict.spec.max_score
        assert "The fault is ours and costs you nothing. For the staff: " in verdict.message
    return {verdict.spec.component for verdict in found}


def test_a_hidden_test_that_raises_costs_nothing(
    graded: Graded, read_results: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    @functools.wraps(relu.TestReLU.test_dx)
    def divides(self: object) -> None:
        1 / 0  # noqa: B018

    monkeypatch.setattr(relu.TestReLU, "test_dx", divides)
    report = graded()
    assert broken(report) == {"relu"}
    assert sum(verdict.outcome is Outcome.BROKEN for verdict in report.verdicts) == 1
    assert "ZeroDivisionError: division by zero at test_faults.py, line" in said(report)
    assert report.score == report.max_score
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.max_score)


def test_a_hidden_test_whose_set_up_raises_costs_nothing(
    graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relu.TestReLU, "setUpClass", classmethod(lambda cls: {}["fixture"]), raising=False)
    report = graded()
    assert broken(report) == {"relu"}
    assert report.score == report.max_score


def test_a_key_without_some_replies_costs_nothing_and_says_how_to_build_it(
    graded: Graded, read_results: Read, key: AnswerKey, part: Part
) -> None:
    cases = {case for each in range(part.case_sets) for case in key.cases_of(called("sgd"), each)}
    replies = {name: {k: r for k, r in its.items() if k not in cases} for name, its in key.replies.items()}
    report = graded(key=replace(key, replies=replies))
    assert broken(report) == {called("sgd")}
    assert "Run `python -m autograder key` where the solutions are." in said(report)
    assert report.score == report.max_score
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.max_score)


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 no key at all"], ids=["missing", "empty", "damaged"])
def test_a_key_that_cannot_be_read_is_named_with_what_to_do(
    part, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / f"{part.name}.npz").write_bytes(content)
    with pytest.raises(HarnessError, match=r"convnet\.npz") as error:
        AnswerKey.load(part, tmp_path)
    assert "key" in str(error.value)


@dataclass(frozen=True)
class Sabotage:
    """An answer key that does something before the n-th answer."""

    key: AnswerKey
    act: Callable[[], object]
    at: int
    asked: list[str]

    @property
    def hints(self) -> Any:
        return self.key.hints

    def cases_of(self, component: str, case_set: int) -> Any:
        return self.key.cases_of(component, case_set)

    def mutants(self, component: str) -> Any:
        return self.key.mutants(component)

    def slips(self, component: str, case_set: int) -> Any:
        return self.key.slips(component, case_set)

    def slots(self, component: str, case_set: int) -> Any:
        return self.key.slots(component, case_set)

    def reference(self, case: Case) -> Reply:
        self.asked.append(case.key)
        if len(self.asked) == self.at:
            self.act()
        return self.key.reference(case)


@pytest.mark.parametrize("at", [1, 30], ids=["at the first question", "half way"])
def test_a_fork_server_that_is_killed_costs_nothing(
    graded: Graded, read_results: Read, key: AnswerKey, host: WorkerHost, at: int
) -> None:
    before = host.facts()["level"]
    server = max(psutil.Process().children(), key=psutil.Process.create_time)  # this host's own
    report = graded(key=Sabotage(key, lambda: os.kill(server.pid, signal.SIGKILL), at, []))
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.PASSED}  # by the one in its place
    assert host.facts()["level"] == before
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.max_score)


def test_a_fork_server_that_cannot_be_replaced_costs_nothing(
    graded: Graded, read_results: Read, key: AnswerKey, host: WorkerHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: WorkerHost) -> None:
        raise HarnessError("The fork server of the workers cannot be started: no memory.")

    host.facts()
    server = max(psutil.Process().children(), key=psutil.Process.create_time)
    monkeypatch.setattr(WorkerHost, "_start", fail)
    monkeypatch.setattr(second_try, "PAUSES", (0.0, 0.0))
    report = graded(key=Sabotage(key, lambda: os.kill(server.pid, signal.SIGKILL), 30, []))
    assert called("sgd") in broken(report)
    assert "cannot be started: no memory" in said(report)
    assert report.score == report.max_score
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.max_score)


def test_a_fault_while_bugs_are_named_leaves_the_verdicts_alone(
    graded: Graded, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = handed_in / "modules" / "relu.py"
    wrong.write_text(wrong.read_text().replace("np.maximum(x, 0)", "np.maximum(x, 1)"))
    right = graded()
    monkeypatch.setattr(naming, "diagnose", lambda *_: 1 / 0)
    report = graded()
    assert [verdict.score for verdict in report.verdicts] == [verdict.score for verdict in right.verdicts]
    assert "relu: no bug is named, because of ZeroDivisionError" in report.facts["diagnosis"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here; that takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_below_the_workspace_costs_nothing(
    graded: Graded, read_results: Read, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(small_disk)
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    report = graded()
    assert broken(report) == {verdict.spec.component for verdict in report.verdicts}
    assert "is the disk full?" in said(report)
    assert report.score == report.max_score
    assert sum(test["score"] for test in read_results()["tests"]) == pytest.approx(report.max_score)


def test_a_disk_that_fills_up_below_results_json_leaves_the_last_whole_one(
    graded: Graded, read_results: Read, key: AnswerKey, results: Path, small_disk: Path
) -> None:
    results.parent.symlink_to(small_disk)
    with pytest.raises(HarnessError, match="the disk may be full"):
        graded(key=Sabotage(key, lambda: fill(small_disk), 10, []))
    assert len(read_results()["tests"]) > 40
    assert list(small_disk.glob(".writing-*")) == []


def fill(folder: Path) -> None:
    """Leave no byte free, even if a file is being written there: what it replaces would make room again."""
    with (folder / "filler").open("ab", buffering=0) as file:
        while list(folder.glob(".writing-*")) or os.statvfs(folder).f_bavail:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                time.sleep(0.001)


def said(report: Report) -> str:
    return "\n".join(verdict.message for verdict in report.verdicts)
