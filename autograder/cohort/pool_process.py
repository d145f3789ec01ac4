"""A process of the local pool: it starts a grader, then grades the jobs that the pool sends to it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection

from autograder.core.errors import HarnessError, in_words
from autograder.worker.wall.prctl import PR_SET_PDEATHSIG, prctl

READY = "ready"


def main(descriptor: int, parent: int, *cores: int) -> None:
    """Receive the Order and send READY, or why not; then answer every Job until the connection is closed.

    What it starts, workers included, computes on `cores`, where some are given.

    The other end is the process that started this one, so both sides may trust the pickles.
    """
    resources = ExitStack()

    def leave(number: int = 0, *_: object) -> None:
        signal.signal(signal.SIGTERM, lambda *_: None)  # once is enough
        try:
            resources.close()
        finally:
            os._exit(128 + number if number else 0)  # SystemExit, raised in a destructor, would be ignored

    signal.signal(signal.SIGTERM, leave)
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if cores:
            os.sched_setaffinity(0, cores)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        if os.getppid() == parent:  # else it ended before the prctl
            _serve(Connection(descriptor), resources)
    leave()


def _serve(connection: Connection, resources: ExitStack) -> None:
    try:
        from autograder.cohort.jobs import grade_job  # not above: a fault in our modules is reported too

        grader = resources.enter_context(connection.recv().open_grader())
    except HarnessError as error:
        return connection.send(error)
    except Exception as error:  # noqa: BLE001  (whatever it is, the pool should hear of it)
        return connection.send(in_words(error))
    connection.send(READY)
    while True:
        connection.send(grade_job(grader, connection.recv()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
