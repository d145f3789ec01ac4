"""A pool on this machine: as many processes that grade as there are cores, each with its own workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.cohort.pool_process import READY
from autograder.core.errors import HarnessError, WallError, in_words
from autograder.course import PACKAGE

BOOT = """
import sys
sys.path[:] = [sys.argv[1], *filter(None, sys.path)]
try:
    from autograder.cohort.pool_process import main
except BaseException as error:
    from multiprocessing.connection import Connection
    Connection(int(sys.argv[2])).send(f"{type(error).__name__}: {error}")
    sys.exit(1)
main(int(sys.argv[2]), int(sys.argv[3]))
"""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
START_SECONDS = 180.0
LEAVE_SECONDS = 20.0
END_SECONDS = 0.5  # between the end of its line and its own
ATTEMPTS = 2


@dataclass
class _Slot:
    """One process and what it is doing; it begins by starting."""

    process: subprocess.Popen[bytes]
    line: Connection
    deadline: float  # on the clock of time.monotonic
    job: Job | None = None
    is_ready: bool = False


@dataclass
class _Work:
    """The jobs of one run that are still to do, and how often each was begun."""

    jobs: Iterator[Job]
    again: deque[Job] = field(default_factory=deque)
    begun: dict[str, int] = field(default_factory=dict)

    def next(self) -> Job | None:
        """Return the next job, or None where there is none."""
        job = self.again.popleft() if self.again else next(self.jobs, None)
        if job is not None:
            self.begun[job.folder] = self.begun.get(job.folder, 0) + 1
        return job


class LocalPool:
    """Grade jobs in `slots` processes; a `with` statement ends them and everything they started.

    A process that dies or hangs is replaced and its job begun once more; only then is it a Failure.

    Args: scratch  the folder that all of them use for temporary files;
          seconds  how long one job may take before its process counts as hung; by default far beyond what
                   the budget of a submission allows.
    """

    def __init__(self, order: Order, *, slots: int, scratch: Path, seconds: float | None = None) -> None:
        self._order, self._count, self._scratch = order, slots, scratch
        self._slots: list[_Slot] = []
        self._seconds = 4 * order.part.limits.part_seconds + 120 if seconds is None else seconds

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for slot in self._slots:
            slot.line.close()  # an idle slot leaves when it sees this, a busy one when it is told
            slot.process.terminate()
        for slot in self._slots:
            _await(slot.process)
        self._slots.clear()

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        """Yield each job with its outcome as it ends; `jobs` are drawn as slots get free.

        Raises HarnessError where no slot can be started, and WallError where student code must not run here.
        """
        work = _Work(jobs)
        upcoming = work.next()
        while len(self._slots) < self._count and upcoming is not None:
            self._slots.append(self._start())
        while upcoming is not None or any(slot.job for slot in self._slots):
            while upcoming is not None and self._hand_out(upcoming):
                upcoming = work.next()  # read while the slots are busy
            for slot in self._stirring():
                outcome = self._hear(slot, work)
                if outcome is None:
                    continue
                if upcoming is not None and self._hand_out(upcoming):
                    upcoming = None  # nobody waits until the outcome is kept
                yield outcome
            upcoming = upcoming or work.next()

    def _hand_out(self, job: Job) -> bool:
        """Give `job` to a slot that is free; tell whether there was one."""
        for slot in self._slots:
            if slot.is_ready and slot.job is None:
                self._give(slot, job)
                return True
        return False

    def _start(self) -> _Slot:
        ours, theirs = Pipe()
        environment = {**os.environ, **ONE_THREAD, "TMPDIR": str(self._scratch)}
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", BOOT, str(PACKAGE.parent), str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            ours.send(self._order)
        except OSError as error:
            raise HarnessError(f"A grading process cannot be started: {error}.") from error
        finally:
            theirs.close()
        return _Slot(process, ours, time.monotonic() + START_SECONDS)

    def _give(self, slot: _Slot, job: Job) -> None:
        slot.job, slot.deadline = job, time.monotonic() + self._seconds
        try:
            slot.line.send(job)
        except OSError:
            pass  # it has just died: whoever listens to it will notice

    def _stirring(self) -> list[_Slot]:
        """Wait for slots that have something to say, have died, or are past their deadline."""
        busy = [slot for slot in self._slots if slot.job is not None or not slot.is_ready]
        patience = max(0.0, min(slot.deadline for slot in busy) - time.monotonic())
        speaking = wait([slot.line for slot in busy], patience)
        return [slot for slot in busy if slot.line in speaking or time.monotonic() >= slot.deadline]

    def _hear(self, slot: _Slot, work: _Work) -> tuple[Job, Graded | Failure] | None:
        """Take what `slot` says; return its job and outcome, if there is one."""
        said = _said(slot)
        if said == READY:
            slot.is_ready = True
            return None
        if not slot.is_ready:
            raise _no_start(said, slot.process)
        job, slot.job = slot.job, None
        assert job is not None
        if said is not None:
            return job, said
        how = _how_it_ended(slot.process)
        self._replace(slot)
        if work.begun[job.folder] < ATTEMPTS:
            work.again.append(job)
            return None
        return job, Failure(f"The process that graded this submission died or hung twice; at last {how}.")

    def _replace(self, slot: _Slot) -> None:
        slot.process.kill()
        slot.process.wait()
        slot.line.close()
        self._slots[self._slots.index(slot)] = self._start()


def _said(slot: _Slot) -> Any:
    """Return what the process says, or None where it has died or hung."""
    try:
        return slot.line.recv() if slot.line.poll() else None
    except (EOFError, OSError):
        return None
    except Exception as error:  # noqa: BLE001  (it says what cannot be read here: one report, not the class)
        return Failure(f"What its grading process says cannot be read: {in_words(error)}")


def _no_start(said: Failure | str | None, process: subprocess.Popen[bytes]) -> HarnessError:
    if isinstance(said, Failure):
        return (WallError if said.is_general else HarnessError)(said.message)
    why = said or _how_it_ended(process)
    return HarnessError(f"A grading process cannot start: {why}. Run `python -m autograder doctor`.")


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        return "it hung"
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"


def _await(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
