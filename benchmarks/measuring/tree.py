"""Run a command and watch all processes that it starts: wall clock, processor time, memory at its highest."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

PAUSE = 0.5  # seconds between two looks at the memory
MIB = 2**20


@dataclass(frozen=True)
class Run:
    """What one command cost: wall-clock and processor seconds, MiB of PSS, and what it printed."""

    wall: float
    cpu: float
    peak_mib: float
    output: str


def watch(
    command: Sequence[str], *, cwd: str, environment: Mapping[str, str] | None = None, pause: float = PAUSE
) -> Run:
    """Run `command` to its end. PSS counts a page that several processes share once, in parts.

    A look is the lower of two, one right after the other: processes are looked at in turn, and where one
    forks meanwhile, its pages count twice.
    Processor time is that of the command and of all its descendants, as far as somebody waited for them.
    """
    before, start, peak = os.times(), time.perf_counter(), 0.0
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        root = psutil.Process(process.pid)
        while not _ends(process, pause):
            peak = max(peak, min(_pss(root), _pss(root)))
        wall = time.perf_counter() - start
        output, said = process.communicate()
    after = os.times()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with code {process.returncode}: {said}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, peak, output)


def _ends(process: subprocess.Popen[str], pause: float) -> bool:
    """Wait a moment for the end of `process`; what it prints must fit into a pipe."""
    try:
        process.wait(pause)
    except subprocess.TimeoutExpired:
        return False
    return True


def _pss(root: psutil.Process) -> float:
    """Return the MiB of `root` and its descendants together; those that end meanwhile count for nothing."""
    total = 0
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            continue
    return total / MIB
