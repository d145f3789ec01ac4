"""What runs in a process of the local pool: a grader, started once, that lives as long as its process."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from types import FrameType
from typing import TYPE_CHECKING

from autograder.core.errors import AutograderError, HarnessError, in_words
from autograder.worker.wall.seccomp import prctl

if TYPE_CHECKING:  # NumPy counts its threads when it is imported: not before `prepare`
    from autograder.cohort.jobs import Order
    from autograder.grading.grader import Grader

PR_SET_PDEATHSIG = 1
_resources = ExitStack()
_order = b""


def prepare(order: bytes, environment: Mapping[str, str]) -> None:
    """Set this process up: what it is to grade, its environment, and that it ends with its parent."""
    global _order
    _order = order
    os.environ.update(environment)
    Finalize(None, _close, exitpriority=1)  # runs on SIGTERM too, see `pebble.common.process_exit`
    signal.signal(signal.SIGINT, _ignore)  # Ctrl-C reaches the whole group; the parent decides what it means
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    parent = parent_process()
    if parent is None or os.getppid() != parent.pid:  # it was gone before we could ask to be told
        os._exit(1)


def start() -> None:
    """Start the grader; raise HarnessError where that fails, WallError where student code must not run."""
    _grader()


def grade(job: bytes) -> bytes:
    """Grade a pickled Job and return the pickled Graded or Failure."""
    from autograder.cohort.jobs import grade_job

    return pickle.dumps(grade_job(_grader(), pickle.loads(job)))


@cache
def _grader() -> Grader:
    try:
        order: Order = pickle.loads(_order)
        return _resources.enter_context(order.open_grader())
    except AutograderError:
        raise
    except Exception as error:
        raise HarnessError(
            f"A grading process cannot start: {in_words(error)}. Run `python -m autograder doctor`."
        ) from error


def _close() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _resources.close()


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing; unlike SIG_IGN, this is not inherited by workers."""
