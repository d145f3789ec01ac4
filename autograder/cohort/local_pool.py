"""A pool on this machine: as many processes that grade as there are cores, each with its own workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from multiprocessing.connection import Pipe
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from threading import Lock, get_ident
from typing import Any

from autograder.cohort import pool_process
from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.core.errors import HarnessError, in_words
from autograder.core.manifest import Part
from autograder.course import PACKAGE
from autograder.grading.neighbours import forget
from autograder.worker.grader_side.stopwatch import WALL

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
START_SECONDS = 180.0
LEAVE_SECONDS = 20.0
END_SECONDS = 0.5  # for a process that no longer answers
ATTEMPTS = 2
MACHINE = "machine.lock"  # where graders agree who is alone


class LocalPool:
    """Grade jobs in `processes` processes; a `with` statement ends them and everything they started.

    A process that dies or hangs is replaced and its job begun once more; only then is it a Failure.

    Args: scratch  the folder that all of them use for temporary files;
          seconds  how long one job may take before its process counts as hung; by default far beyond what
                   the budget of a submission allows.
    """

    def __init__(self, order: Order, *, processes: int, scratch: Path, seconds: float | None = None) -> None:
        self._order, self._scratch = replace(order, machine=scratch / MACHINE), scratch
        self._seconds = _longest(order.part, processes) if seconds is None else seconds
        self._jobs_ahead = processes + 1  # so that a process that gets free need not wait for the next job
        self._threads = ThreadPoolExecutor(processes)
        self._processes: dict[int, _Process] = {}  # by the thread that has started it and waits for it
        self._lock, self._is_closed = Lock(), False
        self._cores = _cores_for(processes)

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_closed = True
        processes = tuple(self._processes.values())
        for process in processes:
            process.terminate()
        for process in processes:
            process.end(LEAVE_SECONDS)
        self._threads.shutdown(cancel_futures=True)
        forget(self._scratch / MACHINE)

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        """Yield each job with its outcome as it ends; `jobs` are drawn as processes get free.

        Raises HarnessError if a process cannot start, and WallError if student code must not run here.
        """
        running: dict[Future[Graded | Failure], Job] = {}
        while True:
            for job in islice(jobs, self._jobs_ahead - len(running)):
                running[self._threads.submit(self._grade, job)] = job
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()

    def _grade(self, job: Job) -> Graded | Failure:
        for _ in range(ATTEMPTS):
            process = self._processes.get(get_ident()) or self._start()
            outcome: Graded | Failure | None = process.ask(job, self._seconds)
            if outcome is not None:
                return outcome
            how = self._processes.pop(get_ident()).end(END_SECONDS)
        return Failure(f"The process that graded this submission died or hung twice; at last {how}.")

    def _start(self) -> _Process:
        with self._lock:
            if self._is_closed:  # then it is the pool that has ended the last one
                raise CancelledError
            taken = {process.core for process in self._processes.values()}
            core = next((core for core in self._cores if core not in taken), None)
            process = self._processes[get_ident()] = _Process(self._scratch, core)
        answer = process.ask(self._order, START_SECONDS)
        if answer == pool_process.READY:
            return process
        if isinstance(answer, HarnessError):
            raise answer
        why = answer or process.end(END_SECONDS)
        raise HarnessError(f"A grading process cannot start: {why}. Run `python -m autograder doctor`.")


def _cores_for(processes: int) -> list[int]:
    """Return the cores to give out, one per process: then no submission's threads slow down another's.

    Where there are fewer cores than processes, or the system keeps them, none is given out.
    """
    if sys.platform != "linux":
        return []
    cores = sorted(os.sched_getaffinity(0))
    return cores if 1 < processes <= len(cores) else []


def _longest(part: Part, processes: int) -> float:
    """Return the seconds on the clock that a submission may take: the machine may be much too busy, and each
    of the other processes may want to be alone on it.
    """
    weights = len(part.weights) * part.test_set.seconds if part.test_set else 0
    return (WALL + processes) * (part.limits.part_seconds + weights) + START_SECONDS


class _Process(Popen[bytes]):
    """A grading process and the connection to it; Linux ends it when the thread that starts it ends."""

    def __init__(self, scratch: Path, core: int | None) -> None:
        self.core = core
        self._connection, theirs = Pipe()
        cores = [] if core is None else [str(core)]
        arguments = ["-m", pool_process.__name__, str(theirs.fileno()), str(os.getpid()), *cores]
        environment = {**os.environ, **ONE_THREAD, "TMPDIR": str(scratch)}
        with theirs:
            try:
                super().__init__(
                    [sys.executable, *arguments], stdin=DEVNULL, pass_fds=[theirs.fileno()],
                    env=environment, cwd=PACKAGE.parent,
                    start_new_session=True,  # Ctrl-C reaches the parent only, which decides what it means
                )  # fmt: skip
            except OSError as error:
                raise HarnessError(f"A grading process cannot be started: {error}.") from error

    def ask(self, message: Any, seconds: float) -> Any:
        """Send `message` and return the answer, or None if the process dies or takes too long."""
        try:
            self._connection.send(message)
            return self._connection.recv() if self._connection.poll(seconds) else None
        except (EOFError, OSError):
            return None
        except Exception as error:  # noqa: BLE001  (it says what cannot be read here: one report, not the class)
            return Failure(f"The message of its grading process cannot be read: {in_words(error)}")

    def end(self, seconds: float) -> str:
        """Give it `seconds` to end, then kill it; return in words how it ended."""
        try:
            code = self.wait(seconds)
        except TimeoutExpired:
            self.kill()
            self.wait()
            return "it hung"
        return f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"
