"""Let code that expects other processes do without: a worker is one process, and starts no program.

Threads are there, and so is all that Python builds of threads and pipes. What asks the kernel for more is
replaced here by what means the same within one process, or fails as on a machine that lacks the program: then
honest code takes the way that it has prepared. None of this keeps anybody in: the layers of the sandbox do.
"""

from __future__ import annotations

import errno
import os
import selectors
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

RECURSIVE = 0  # the kind of a lock that its owner may take again
POOL = 4  # threads at most in place of a pool of processes


class ThreadSemaphore:
    """Take the place of `_multiprocessing.SemLock`, which needs a file that processes share."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue, self.handle = kind, maxvalue, 0
        self.name = None  # nothing to be tidied up by a process of its own
        self._value, self._owner, self._depth = value, 0, 0
        self._changed = threading.Condition()

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take one; say whether that could be done in time."""
        with self._changed:
            if self.kind == RECURSIVE and self._is_mine():
                self._depth += 1
                return True
            limit = timeout if block else 0.0
            if not self._changed.wait_for(lambda: self._value > 0, limit):
                return False
            self._value, self._owner = self._value - 1, threading.get_ident()
            self._depth += 1
            return True

    def release(self) -> None:
        """Give one back. Raises AssertionError or ValueError as the original does."""
        with self._changed:
            if self.kind == RECURSIVE and not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self.kind != RECURSIVE and self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._depth -= 1
            if self.kind != RECURSIVE or self._depth == 0:
                self._value += 1
                self._changed.notify()

    def __enter__(self) -> bool:
        """Take one."""
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        """Give one back."""
        self.release()

    def _count(self) -> int:
        return self._depth

    def _is_mine(self) -> bool:
        return self._depth > 0 and self._owner == threading.get_ident()

    def _get_value(self) -> int:
        return self._value

    def _is_zero(self) -> bool:
        return self._value == 0

    def _after_fork(self) -> None:
        self._depth = 0


def settle() -> None:
    """Replace what needs other processes or the kernel's epoll. Call it before anything imports the first."""
    names: Any = selectors
    names.DefaultSelector = selectors.PollSelector  # which asyncio takes; epoll is no call of a worker
    for module, name, value in (
        ("_posixsubprocess", "fork_exec", _no_program),
        ("_multiprocessing", "SemLock", ThreadSemaphore),
    ):
        try:
            setattr(import_module(module), name, value)
        except ImportError:
            continue  # a Python that was built without it


def adapt(module: str) -> None:
    """Replace what `module` would make of other processes and files, once student code has imported it."""
    for holder, name, value in ADAPTED.get(module.partition(".")[0], ()):
        setattr(import_module(holder), name, value)


def _file_in_memory(mode: str = "w+b", *arguments: Any, **settings: Any) -> Any:
    """Return a file that never leaves memory; `dir`, `prefix` and `suffix` mean nothing there."""
    tempfile: Any = import_module("tempfile")
    return tempfile.SpooledTemporaryFile(0, mode, *arguments, **settings)


def _pool_of_threads(
    processes: int | None = None, initializer: Any = None, initargs: Any = (), *_: Any, **__: Any
) -> Any:
    """Return a pool of threads in place of `multiprocessing.Pool`."""
    pools: Any = import_module("multiprocessing.pool")
    return pools.ThreadPool(min(processes or POOL, POOL), initializer, initargs)


def _executor_of_threads(
    max_workers: int | None = None,
    mp_context: Any = None,
    initializer: Any = None,
    initargs: Any = (),
    **_: Any,
) -> Any:
    """Return an executor of threads in place of `concurrent.futures.ProcessPoolExecutor`."""
    futures: Any = import_module("concurrent.futures")
    workers = min(max_workers or POOL, POOL)
    return futures.ThreadPoolExecutor(workers, initializer=initializer, initargs=initargs)


def _no_program(command: Any, *_: Any) -> NoReturn:
    """Fail as where there is no such program, and no shell either."""
    name = os.fsdecode(command[0]) if command else ""
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)


# top-level module that student code imported → (module, name, what replaces it)
ADAPTED: Mapping[str, tuple[tuple[str, str, Any], ...]] = {
    "tempfile": (("tempfile", "TemporaryFile", _file_in_memory),),
    "multiprocessing": (("multiprocessing", "Pool", _pool_of_threads),),
    "concurrent": (("concurrent.futures", "ProcessPoolExecutor", _executor_of_threads),),
}
