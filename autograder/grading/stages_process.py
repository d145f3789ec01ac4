"""Start the server of stages: a fork of this process if that is safe (it is quick), or a new one."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import threading
import time
import warnings
from contextlib import suppress

PATIENCE, PAUSE = 2.0, 0.002  # seconds for a server to end by itself, and between two looks
LAST_DESCRIPTOR = 2**20
BOOT = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from autograder.grading.stages_server import main
main(int(sys.argv[1]))
"""
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a process that forks has one thread
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM) if os.name == "posix" else ()


def start(theirs: socket.socket) -> int:
    """Return the process id of a server that listens on `theirs`.

    A fork of a process with several threads may inherit a lock that nobody will ever open.
    """
    return _fork(theirs) if threading.active_count() == 1 else _spawn(theirs)


def end(control: socket.socket, process: int, owner: int) -> None:
    """Hang up on the server `process`, and wait for its end; a fork of its `owner` has no say."""
    if os.getpid() != owner:
        return
    control.close()
    with suppress(ChildProcessError, ProcessLookupError):
        deadline = time.monotonic() + PATIENCE
        while os.waitpid(process, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(process, signal.SIGKILL)
            time.sleep(PAUSE)


def _fork(theirs: socket.socket) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that wait inside of OpenBLAS
        process = os.fork()
    if process == 0:
        try:
            _become_server(theirs.fileno())
        finally:
            os._exit(1)
    return process


def _become_server(control: int) -> None:
    """Let go of all that belongs to the grader but its memory, and serve; never returns."""
    gc.freeze()  # objects of the grader would close descriptors that are ours by then
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)  # what the terminal sends is for the grader
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    os.closerange(3, control)
    os.closerange(control + 1, LAST_DESCRIPTOR)
    from autograder.grading.stages_server import main

    main(control)


def _spawn(theirs: socket.socket) -> int:
    path = json.dumps([os.path.abspath(entry) for entry in sys.path])
    theirs.set_inheritable(True)
    nothing = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in range(3)]
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-S", "-s", "-c", BOOT, str(theirs.fileno()), path],
        {**os.environ, **ENVIRONMENT},
        file_actions=nothing,
        setpgroup=0,
    )
