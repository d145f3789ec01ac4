"""A fault of the grader's costs nobody a point, unless only this submission brings it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Part
from autograder.core.model import Outcome
from autograder.course import Course
from autograder.grading.code import CodeGrader
from autograder.grading.grader import open_grader
from autograder.grading.second_try import PAUSES, REMARKS, patiently
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.grader_side.worker import Worker


@pytest.fixture(scope="module")
def grader(course: Course, part: Part) -> Iterator[Any]:
    with open_grader(course, part) as opened:
        yield opened


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Path], bool]], None]:
    """Return a function that keeps workers from starting in the workspaces that a rule picks."""
    monkeypatch.setattr("autograder.grading.second_try.PAUSES", (0.0, 0.0))
    shake, start = Worker.shake_hands, WorkerHost.open
    folders: dict[int, Path] = {}

    def install(is_kept: Callable[[Path], bool]) -> None:
        def opened(host: WorkerHost, folder: Path, **settings: Any) -> Worker:
            worker = start(host, folder, **settings)
            folders[id(worker)] = folder
            return worker

        def refuse(worker: Worker) -> None:
            if is_kept(folders[id(worker)]):
                raise HarnessError("A worker could not be started (fork: no more processes).")
            shake(worker)

        monkeypatch.setattr(WorkerHost, "open", opened)
        monkeypatch.setattr(Worker, "shake_hands", refuse)

    return install


@pytest.mark.parametrize(("failures", "calls"), [(0, 1), (1, 2), (2, 3)])
def test_what_fails_is_tried_again_after_a_pause(failures: int, calls: int) -> None:
    made, slept = [], []

    def attempt() -> str:
        made.append(1)
        if len(made) <= failures:
            raise HarnessError("not now")
        return "done"

    assert patiently(attempt, sleep=slept.append) == "done"
    assert len(made) == calls and slept == list(PAUSES[:failures])


def test_the_last_failure_is_raised_and_a_wall_with_holes_at_once() -> None:
    def never() -> None:
        raise HarnessError("never")

    with pytest.raises(HarnessError, match="never"):
        patiently(never, sleep=lambda seconds: None)

    def unsafe() -> None:
        raise WallError("holes")

    with pytest.raises(WallError):
        patiently(unsafe, sleep=lambda seconds: pytest.fail("it waited"))


def test_a_fault_that_the_reference_does_not_have_earns_nothing_until_the_staff_has_looked(
    grader: CodeGrader, make_zip: Callable[..., Path], answers: dict[str, bytes], fail: Any
) -> None:
    mark = b"# mine\n" + answers["modules/relu.py"]
    fail(lambda folder: (folder / "modules/relu.py").read_bytes() == mark)
    report = grader.grade(make_zip({**answers, "modules/relu.py": mark}))
    assert report.score == 0
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.PROVISIONAL}
    assert REMARKS[Outcome.PROVISIONAL] in report.remarks
    said = report.verdicts[0].message
    assert "It has no points until the staff has looked." in said
    assert "no more processes). So it was in 3 tries; then the reference was run without one." in said


def test_a_fault_that_the_reference_has_too_costs_nothing(
    grader: CodeGrader, make_zip: Callable[..., Path], answers: dict[str, bytes], part: Part, fail: Any
) -> None:
    fail(lambda folder: True)
    report = grader.grade(make_zip(answers))
    assert report.score == part.points
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.BROKEN}
    assert REMARKS[Outcome.BROKEN] in report.remarks


def test_a_fork_that_fails_once_costs_nothing(
    grader: CodeGrader, make_zip: Callable[..., Path], answers: dict[str, bytes], part: Part, fail: Any
) -> None:
    left = [True]
    fail(lambda folder: bool(left and left.pop()))
    report = grader.grade(make_zip(answers))
    assert report.score == part.points
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.PASSED}
    assert not set(REMARKS.values()) & set(report.remarks)
