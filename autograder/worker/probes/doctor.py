"""Probes of the sandbox itself: they try what student code must not be able to do. No workspace is involved.

Every value is 1 where the attempt succeeded (a hole), 0 where it was refused.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module as load_module
from typing import Any

import numpy as np

from autograder.worker.probes import Load, ProbeInput, Yields, probe

WRITTEN = "written-by-a-worker"
SEMAPHORE, IPC_CREAT, IPC_RMID = 0x77616C6C, 0o1000, 0  # a key that belongs to nobody
PTRACE_SEIZE, CLONE_NEWUSER = 0x4206, 0x10000000  # seizing, unlike attaching, does not stop the process


@probe
def reading(load: Load, case: ProbeInput) -> Yields:
    """Try to read each file of the setting `paths`; yields path_0, path_1, ..."""
    for index, path in enumerate(case.settings["paths"]):
        yield f"path_{index}", _succeeds(partial(_read, path))


@probe
def writing(load: Load, case: ProbeInput) -> Yields:
    """Try to make a file in each folder of the setting `folders`; yields folder_0, folder_1, ..."""
    for index, folder in enumerate(case.settings["folders"]):
        yield f"folder_{index}", _succeeds(partial(_write, os.path.join(folder, WRITTEN)))


@probe
def reaching_out(load: Load, case: ProbeInput) -> Yields:
    """Try the network, other processes and privileges; the setting `grader` is the grader's process id."""
    grader = case.settings["grader"]
    library = ctypes.CDLL(None, use_errno=True)
    attempts: dict[str, Callable[[], object]] = {
        "internet_socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "local_socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "new_process": _fork,
        "new_program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "signal_to_the_grader": lambda: os.kill(grader, 0),
        "memory_of_the_grader": partial(_open, f"/proc/{grader}/mem"),
        "environment_of_the_grader": partial(_read, f"/proc/{grader}/environ"),
        "tracing_the_grader": lambda: _call(library.ptrace, PTRACE_SEIZE, grader, 0, 0),
        "new_namespace": lambda: _call(library.unshare, CLONE_NEWUSER),
        "becoming_root": lambda: os.setuid(0),
        "leaving_the_group": _leave_the_group,
    }
    for name, attempt in attempts.items():
        yield name, _succeeds(attempt)


@probe
def leaving_marks(load: Load, case: ProbeInput) -> Yields:
    """Try what needs no open file: marks on the file of the setting `path`, its name, and other processes.

    The setting `listener` is the path of a socket for datagrams, `grader` the grader's process id.
    """
    path, grader = case.settings["path"], int(case.settings["grader"])
    library = ctypes.CDLL(None, use_errno=True)
    attempts: dict[str, Callable[[], object]] = {
        "extended_attributes": lambda: os.setxattr(path, "user.note", b"note"),
        "extended_attributes_read": lambda: os.getxattr(path, "user.left"),
        "extended_attributes_listed": lambda: os.listxattr(path),
        "times": lambda: os.utime(path, (0, 0)),
        "mode": lambda: os.chmod(path, 0o666),
        "owner": lambda: os.chown(path, os.getuid(), os.getgid()),
        "link": lambda: os.link(path, f"{path}-{WRITTEN}"),
        "held_path": lambda: os.open(path, os.O_PATH),
        "watch": lambda: _call(library.inotify_init1, 0),
        "lock": lambda: _lock(load_module("fcntl")),
        "semaphores": lambda: _make_semaphores(library),
        "semaphores_awaited": lambda: _semtimedop(library),
        "datagram": lambda: _by_a_pair(lambda one: one.sendto(b"from a worker", case.settings["listener"])),
        "connected_pair": lambda: _by_a_pair(lambda one: one.connect(case.settings["listener"])),
        "named_pair": lambda: _by_a_pair(lambda one: one.bind(f"{path}-{WRITTEN}-pair")),
        "clock_of_the_grader": lambda: time.clock_gettime(~grader << 3 | 2),
        "limits_of_the_grader": lambda: load_module("resource").prlimit(grader, 0),
        "processors_of_the_grader": lambda: os.sched_getaffinity(grader),
        "priority_of_the_grader": lambda: os.getpriority(os.PRIO_PROCESS, grader),
        "session_of_the_grader": lambda: os.getsid(grader),
        "group_of_the_grader": lambda: os.getpgid(grader),
    }
    for name, attempt in attempts.items():
        yield name, _succeeds(attempt)


@probe
def looking_around(load: Load, case: ProbeInput) -> Yields:
    """Try to see each file of the setting `paths` without opening it; yields path_0, path_1, ..."""
    for index, path in enumerate(case.settings["paths"]):
        yield f"path_{index}", _succeeds(partial(os.stat, path))


@probe
def exhausting(load: Load, case: ProbeInput) -> Yields:
    """Try to have more than the settings `memory_mib` and `threads` allow; yields memory, threads."""
    too_much = (int(case.settings["memory_mib"]) + 64) * 2**20
    yield "memory", _succeeds(lambda: np.ones(too_much, dtype=np.uint8))
    yield "threads", _succeeds(lambda: _start_threads(int(case.settings["threads"])))


@probe
def importing(load: Load, case: ProbeInput) -> Yields:
    """Try to import each module of the setting `modules`; yields one value a module, under its name."""
    for name in case.settings["modules"]:
        yield name, _succeeds(partial(importlib.import_module, name))


def _succeeds(attempt: Callable[[], object]) -> int:
    try:
        attempt()
    except (OSError, MemoryError, ImportError, RuntimeError):
        return 0
    return 1


def _lock(fcntl: Any) -> None:
    reader, writer = os.pipe()
    try:
        fcntl.flock(reader, fcntl.LOCK_EX)
    finally:
        os.close(reader)
        os.close(writer)


def _make_semaphores(library: ctypes.CDLL) -> None:
    made = _call(library.semget, SEMAPHORE, 1, IPC_CREAT | 0o666)
    _call(library.semctl, made, 0, IPC_RMID)


def _semtimedop(library: ctypes.CDLL) -> None:
    """Ask to wait for a semaphore; that there is no such set is an answer, and means the call is allowed."""
    if library.semtimedop(2**30, bytes(6), 1, None) != 0 and ctypes.get_errno() in (
        errno.EPERM,
        errno.ENOSYS,
    ):
        raise OSError(errno.EPERM, "refused")


def _by_a_pair(attempt: Callable[[socket.socket], object]) -> None:
    """Try to reach somebody else by one end of a pair of sockets, which is a worker's own affair."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        attempt(one)


def _read(path: str) -> None:
    with open(path, "rb") as file:
        file.read(1)


def _open(path: str) -> None:
    with open(path, "rb"):
        pass  # address 0 is never mapped: that it opens is the hole


def _write(path: str) -> None:
    with open(path, "wb"):
        pass


def _leave_the_group() -> None:
    os.setpgid(0, 0)
    os.setsid()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _call(function: Callable[..., int], *arguments: int) -> int:
    result = function(*(ctypes.c_long(argument) for argument in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def _start_threads(count: int) -> None:
    """Start `count` threads that wait for each other; raise RuntimeError where that many cannot be had."""
    done = threading.Event()
    try:
        for _ in range(count):
            threading.Thread(target=done.wait, daemon=True).start()
    finally:
        done.set()
