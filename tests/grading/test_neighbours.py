"""A time-out is tried again alone on the machine before it counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.core.model import Ending
from autograder.grading.budget import Budget
from autograder.grading.neighbours import NOBODY, SharedMachine, sharing
from autograder.grading.submission_worker import SubmissionWorker
from tests.grading.test_ahead import A, B, ScriptedHost

LONG = 20.0  # seconds: far beyond what a thread takes to get somewhere
TIMED_OUT = Ending.TIMED_OUT


class Company:
    """Neighbours that write down in whose company each case is asked."""

    exist = True

    def __init__(self) -> None:
        self.log: list[str] = []

    def beside(self) -> AbstractContextManager[None]:
        return self._note("beside")

    def alone(self) -> AbstractContextManager[None]:
        return self._note("alone")

    @contextmanager
    def _note(self, how: str) -> Iterator[None]:
        self.log.append(how)
        yield


def asked(part: Part, endings: dict[str, list[Ending]], *cases: object) -> tuple[list[str], list[Ending]]:
    """Ask cases, each a component's own; return in whose company that was, and how the replies ended."""
    company = Company()
    worker = SubmissionWorker(
        ScriptedHost(endings), Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2),
        neighbours=company,
    )  # fmt: skip
    found = []
    for case in cases:
        worker.begin({case.key: case})  # type: ignore[attr-defined]
        found.append(worker.ask(case).ending)  # type: ignore[arg-type]
        worker.end(part.components[0])
    return company.log, found


def test_a_reply_in_time_is_asked_for_once_beside_the_others(part: Part) -> None:
    assert asked(part, {}, A, B) == (["beside", "beside"], [Ending.ANSWERED] * 2)


def test_a_time_out_that_does_not_come_again_alone_does_not_count(part: Part) -> None:
    log, endings = asked(part, {"a": [TIMED_OUT], "b": [TIMED_OUT]}, A, B)
    assert log == ["beside", "alone"] * 2
    assert endings == [Ending.ANSWERED] * 2


def test_each_component_that_runs_out_of_time_is_tried_alone_once(part: Part) -> None:
    hanging = {"a": [TIMED_OUT] * 2, "b": [TIMED_OUT] * 2}
    log, endings = asked(part, hanging, A, B)
    assert log == ["beside", "alone"] * 2
    assert endings == [TIMED_OUT] * 2


def test_without_neighbours_a_part_is_tried_again_once(part: Part) -> None:
    host = ScriptedHost({"a": [TIMED_OUT] * 2, "b": [TIMED_OUT] * 2})
    worker = SubmissionWorker(host, Path("nowhere"), part, rescue=False, budget=Budget(part.limits, 2))
    for case in (A, B):
        worker.begin({case.key: case})
        assert worker.ask(case).ending is TIMED_OUT
        worker.end(part.components[0])
    assert [name for _, name, _ in host.log] == ["a", "a", "b"]


@pytest.fixture
def graders(tmp_path: Path) -> Iterator[list[SharedMachine]]:
    """Return three graders of one machine, each with files of its own, as processes have."""
    file = tmp_path / "machine.lock"
    with sharing(file) as first, sharing(file) as second, sharing(file) as third:
        assert isinstance(first, SharedMachine)
        assert isinstance(second, SharedMachine)
        assert isinstance(third, SharedMachine)
        yield [first, second, third]


def test_many_ask_beside_each_other(graders: list[SharedMachine]) -> None:
    with graders[0].beside(), graders[1].beside(), graders[2].beside():
        pass


def test_whoever_is_alone_waits_for_the_others_and_keeps_new_ones_out(graders: list[SharedMachine]) -> None:
    log: list[str] = []
    is_alone, may_leave = threading.Event(), threading.Event()

    def be_alone() -> None:
        with graders[1].alone():
            log.append("alone")
            is_alone.set()
            may_leave.wait(LONG)
            log.append("leaves")

    def be_beside() -> None:
        with graders[2].beside():
            log.append("beside")

    lonely, late = threading.Thread(target=be_alone), threading.Thread(target=be_beside)
    with graders[0].beside():
        lonely.start()
        assert not is_alone.wait(0.2)
        log.append("first leaves")
    assert is_alone.wait(LONG)
    late.start()
    late.join(0.2)
    may_leave.set()
    for thread in (lonely, late):
        thread.join(LONG)
    assert log == ["first leaves", "alone", "leaves", "beside"]


def test_without_a_file_nobody_waits_for_anybody() -> None:
    with sharing(None) as neighbours:
        assert neighbours is NOBODY
        with neighbours.alone(), neighbours.beside():
            assert not neighbours.exist


def test_a_fault_while_alone_lets_the_others_go_on(graders: list[SharedMachine]) -> None:
    with pytest.raises(ZeroDivisionError), graders[0].alone():
        1 / 0  # noqa: B018
    with graders[1].alone():
        pass
