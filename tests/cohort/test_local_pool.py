"""The pool of this machine: processes that hang, die or cannot start, and nothing left when it ends."""

from __future__ import annotations

import os
import signal
import sys
import time
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
    """A job that ends the process that unpickles it, as a bug of ours might."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


class EndedInDestructor(Job):
    """A job whose destructor runs when the process is told to end."""

    def __reduce__(self) -> tuple[object, ...]:
        return eval, ("type('', (), {'__del__': lambda self: __import__('signal').raise_signal(15)})()",)


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
    return [one for one in mine if "autograder.cohort.pool_process" in " ".join(one.cmdline())]


def with_their_workers(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for process in processes for one in (process, *process.children(recursive=True))]


def left_of(family: list[psutil.Process], *, seconds: float = 0) -> list[psutil.Process]:
    """Return those that are still there after at most `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        left = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        if not left or time.monotonic() >= deadline:
            return left
        time.sleep(0.05)


def test_every_job_is_graded_and_no_process_is_left(order: Order, job: Job, tmp_path: Path) -> None:
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        found = {each.folder: outcome for each, outcome in pool.run(jobs(job, "a", "b", "c"))}
        family = with_their_workers(pool_processes())
    assert set(found) == {"a", "b", "c"}
    for name, outcome in found.items():
        assert isinstance(outcome, Graded)
        assert (outcome.record.name, outcome.record.score) == (name, order.part.points)
    assert len(family) >= 4
    assert left_of(family) == []
    assert not list(tmp_path.iterdir())


def test_jobs_are_drawn_as_processes_get_free(course: Course, tmp_path: Path) -> None:
    drawn = []
    sheets = (Job(str(number), "key", "ada", None, "unreadable") for number in range(9))
    order = Order(course, course.manifest.part("theory"), tmp_path)
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        for graded, _ in enumerate(pool.run(job for job in sheets if not drawn.append(job))):
            assert len(drawn) <= graded + 3  # two in work, one that waits
    assert len(drawn) == 9


def test_a_process_that_hangs_is_replaced_and_its_job_graded(order: Order, job: Job, tmp_path: Path) -> None:
    with LocalPool(order, processes=1, scratch=tmp_path, seconds=6) as pool:
        outcomes = pool.run(jobs(job, "a", "b"))
        next(outcomes)
        (process,) = pool_processes()
        family = with_their_workers([process])
        process.send_signal(signal.SIGSTOP)
        ((last, outcome),) = outcomes
    assert last.folder == "b"
    assert isinstance(outcome, Graded)
    assert not process.is_running()
    assert len(family) >= 2
    assert left_of(family, seconds=10) == []


def test_a_job_that_ends_every_process_is_given_up_and_the_others_are_graded(
    order: Order, job: Job, tmp_path: Path
) -> None:
    bomb = Bomb("bomb", "key", "bomb", None)
    with LocalPool(order, processes=1, scratch=tmp_path) as pool:
        found = {each.folder: outcome for each, outcome in pool.run(iter([bomb, job]))}
    assert found["bomb"] == Failure(
        "The process that graded this submission died or hung twice; at last it ended with exit code 1."
    )
    assert isinstance(found["ada"], Graded)


def test_a_process_that_is_told_to_end_within_a_destructor_ends_quietly(
    order: Order, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    jobs = iter([EndedInDestructor("ada", "key", "ada", None)])
    with LocalPool(order, processes=1, scratch=tmp_path) as pool:
        ((_, outcome),) = pool.run(jobs)
    assert isinstance(outcome, Failure)
    assert outcome.message.endswith("at last it ended with exit code 143.")
    assert capfd.readouterr().err == ""


def test_a_pool_that_cannot_start_says_why(order: Order, job: Job, tmp_path: Path) -> None:
    keyless = replace(order, keys=tmp_path / "nowhere")
    message = pytest.raises(HarnessError, match="expected the answer key of convnet, found none")
    with LocalPool(keyless, processes=1, scratch=tmp_path) as pool, message:
        list(pool.run(iter([job])))


def test_nothing_is_started_where_there_is_nothing_to_do(order: Order, tmp_path: Path) -> None:
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        assert list(pool.run(iter([]))) == []
        assert pool_processes() == []


def test_each_process_has_a_core_of_its_own_and_so_has_the_one_in_its_place(
    order: Order, job: Job, tmp_path: Path
) -> None:
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(cores) < 2:
        pytest.skip("there is but one core to give out")
    with LocalPool(order, processes=2, scratch=tmp_path) as pool:
        outcomes = pool.run(jobs(job, *"abcdefgh"))
        next(outcomes)
        taken = cores_of(2)
        killed = pool_processes()[0]
        killed.kill()
        killed.wait()
        for _ in outcomes:
            pass
        later = cores_of(2)
    assert len(taken) == 2
    assert taken <= cores
    assert later == taken


def cores_of(count: int, *, seconds: float = 60) -> set[int]:
    """Return the cores of the pool's processes, once there are `count` that have one each."""
    deadline = time.monotonic() + seconds
    while True:
        given = [process.cpu_affinity() for process in pool_processes()]
        if len(given) == count and all(len(cores) == 1 for cores in given):
            return {core for (core,) in given}
        assert time.monotonic() < deadline, given
        time.sleep(0.05)
