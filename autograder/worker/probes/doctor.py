"""Probes of the wall itself: they try what student code must not be able to do. No workspace is involved.

Every value is 1 where the attempt succeeded (a hole), 0 where it was refused.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import socket
import threading
from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.worker.probes import Load, ProbeInput, Yields, probe

WRITTEN = "written-by-a-worker"
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


def _call(function: Callable[..., int], *arguments: int) -> None:
    if function(*(ctypes.c_long(argument) for argument in arguments)) != 0:
        raise OSError(ctypes.get_errno(), "refused")


def _start_threads(count: int) -> None:
    """Start `count` threads that wait for each other; raise RuntimeError where that many cannot be had."""
    done = threading.Event()
    try:
        for _ in range(count):
            threading.Thread(target=done.wait, daemon=True).start()
    finally:
        done.set()
