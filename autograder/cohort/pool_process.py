"""A slot: one process of the local pool, which grades the jobs that it is sent until the line is closed."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing.connection import Connection
from types import FrameType

from autograder.cohort.jobs import Failure, grade_job
from autograder.core.errors import AutograderError, WallError, in_words
from autograder.worker.wall.seccomp import prctl

PR_SET_PDEATHSIG = 1
READY = "ready"
HUNG_UP = (EOFError, BrokenPipeError, ConnectionResetError)


def main(descriptor: int, parent: int) -> None:
    """Take the order, say READY or Failure, then answer every job with Graded or Failure.

    The line is to the process that started this one, so both sides may trust its pickles.
    """
    _end_with(parent)
    with Connection(descriptor) as line:
        try:
            _serve(line)
        except HUNG_UP:
            return  # the pool has closed the line: there is nothing more to do


def _serve(line: Connection) -> None:
    try:
        with line.recv().open_grader() as grader:
            line.send(READY)
            while True:
                line.send(grade_job(grader, line.recv()))
    except AutograderError as error:
        line.send(Failure(str(error), is_general=isinstance(error, WallError)))
    except HUNG_UP:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, the pool should hear of it)
        line.send(Failure(f"A grading process broke down: {in_words(error)}."))


def _end_with(parent: int) -> None:
    """Have this process ended, with its workers and temporary files, when its parent is."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _ignore)  # Ctrl-C reaches the whole group; the parent decides what it means
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was gone before we could ask to be told
        sys.exit(1)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing; unlike SIG_IGN, this is not inherited by workers."""
