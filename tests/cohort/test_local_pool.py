"""The pool of this machine: slots that hang, die or cannot start, and nothing left when it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.cohort.local_pool import LocalPool
from autograder.core.errors import HarnessError
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from autograder.intake.submission import Submission

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found by Linux means"),
]


class Bomb(Job):
    """A job that ends whoever unpacks it, as a bug of ours might."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


@pytest.fixture
def order(course: Course, part: Part) -> Order:
    with open_grader(course, part, Setting(unsafe=True)):
        pass
    return Order(course, part, course.root / ".cache" / "answer_key", unsafe=True)


@pytest.fixture
def job(answers: dict[str, bytes]) -> Job:
    return Job("ada", "key", "ada", Submission("ada", answers, "digest"))


def jobs(job: Job, *names: str) -> Iterator[Job]:
    return (replace(job, folder=name, name=name) for name in names)


def pool_processes() -> list[psutil.Process]:
    mine = psutil.Process().children()
    return [one for one in mine if "spawn_main" in " ".join(one.cmdline())]


def test_every_job_is_graded_and_no_process_is_left(order: Order, job: Job, tmp_path: Path) -> None:
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        found = {each.folder: outcome for each, outcome in pool.run(jobs(job, "a", "b", "c"))}
        family = [one for slot in pool_processes() for one in (slot, *slot.children(recursive=True))]
    assert set(found) == {"a", "b", "c"}
    for name, outcome in found.items():
        assert isinstance(outcome, Graded)
        assert (outcome.record.name, outcome.record.score) == (name, order.part.points)
    assert len(family) >= 4
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert not list(tmp_path.iterdir())


def test_a_slot_that_hangs_is_replaced_and_its_job_graded(order: Order, job: Job, tmp_path: Path) -> None:
    with LocalPool(order, processes=1, scratch=tmp_path, seconds=6) as pool:
        outcomes = pool.run(jobs(job, "a", "b"))
        next(outcomes)
        (slot,) = pool_processes()
        slot.send_signal(signal.SIGSTOP)
        ((last, outcome),) = outcomes
    assert last.folder == "b"
    assert isinstance(outcome, Graded)
    assert not slot.is_running()


def test_a_job_that_ends_every_slot_is_given_up_and_the_others_are_graded(
    order: Order, job: Job, tmp_path: Path
) -> None:
    bomb = Bomb("bomb", "key", "bomb", None)
    with LocalPool(order, processes=1, scratch=tmp_path) as pool:
        found = {each.folder: outcome for each, outcome in pool.run(iter([bomb, job]))}
    assert found["bomb"] == Failure(
        "The process that graded this submission died or hung twice; at last it ended with exit code 1."
    )
    assert isinstance(found["ada"], Graded)


def test_a_pool_that_cannot_start_says_why(order: Order, job: Job, tmp_path: Path) -> None:
    keyless = replace(order, keys=tmp_path / "nowhere")
    message = pytest.raises(HarnessError, match="expected the answer key of convnet, found none")
    with LocalPool(keyless, processes=1, scratch=tmp_path) as pool, message:
        list(pool.run(iter([job])))


def test_nothing_is_started_where_there_is_nothing_to_do(order: Order, tmp_path: Path) -> None:
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        assert list(pool.run(iter([]))) == []
        assert pool_processes() == []
