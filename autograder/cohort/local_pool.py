"""A pool on this machine: as many processes that grade as there are cores, each with its own workers."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from autograder.cohort import pool_process
from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.core.errors import HarnessError, in_words

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
START_SECONDS = 180.0
ATTEMPTS = 2


class LocalPool:
    """Grade jobs in `processes` processes; a `with` statement ends them and everything they started.

    A process that dies or hangs is replaced and its job begun once more; only then is it a Failure.

    Args: scratch  the folder that all of them use for temporary files;
          seconds  how long one job may take before its process counts as hung; by default far beyond what
                   the budget of a submission allows.
    """

    def __init__(self, order: Order, *, processes: int, scratch: Path, seconds: float | None = None) -> None:
        self._ahead = processes + 1  # one job waits for the next process that is free
        self._seconds = 4 * order.part.limits.part_seconds + 120 if seconds is None else seconds
        self._pool = ProcessPool(
            processes,
            initializer=pool_process.prepare,
            initargs=(pickle.dumps(order), {**ONE_THREAD, "TMPDIR": str(scratch)}),
            context=get_context("spawn"),
        )

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        """Yield each job with its outcome as it ends; `jobs` are drawn as processes get free.

        Raises HarnessError where no process can be started; WallError where student code must not run here.
        """
        running: dict[Future[bytes], tuple[Job, int]] = {}
        for first in islice(jobs, 1):
            starting = self._pool.schedule(pool_process.start, timeout=START_SECONDS)
            jobs = chain([first], jobs)
        while True:
            for job in islice(jobs, self._ahead - len(running)):
                running[self._schedule(job)] = job, 1
            if not running:
                return
            _require_start(starting)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job, attempt = running.pop(future)
                fault = future.exception()
                if isinstance(fault, (ProcessExpired, TimeoutError)) and attempt < ATTEMPTS:
                    running[self._schedule(job)] = job, attempt + 1
                else:
                    yield job, _outcome(future)

    def _schedule(self, job: Job) -> Future[bytes]:
        return self._pool.schedule(pool_process.grade, args=[pickle.dumps(job)], timeout=self._seconds)


def _require_start(starting: Future[None]) -> None:
    try:
        starting.result()
    except (ProcessExpired, TimeoutError) as error:
        raise HarnessError(
            f"A grading process cannot start: {_how_it_ended(error)}. Run `python -m autograder doctor`."
        ) from error


def _outcome(future: Future[bytes]) -> Graded | Failure:
    try:
        outcome: Graded | Failure = pickle.loads(future.result())
        return outcome
    except HarnessError:
        raise
    except (ProcessExpired, TimeoutError) as error:
        how = _how_it_ended(error)
        return Failure(f"The process that graded this submission died or hung twice; at last {how}.")
    except Exception as error:  # noqa: BLE001  (it says what cannot be read here: one report, not the class)
        return Failure(f"What its grading process says cannot be read: {in_words(error)}")


def _how_it_ended(error: ProcessExpired | TimeoutError) -> str:
    if isinstance(error, TimeoutError):
        return "it hung"
    code = error.exitcode
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"
