"""How long a worker's processes have computed, and whether they only wait: the kernel's word, not theirs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress

PROCESS_CLOCK = 2  # the kernel's number for the processor time of a process, all of its threads together
WORKS = frozenset("RD")  # states: on a processor or queueing for one; in a read or write of the kernel's
WAITED_FOR = slice(13, 15)  # fields behind the name in /proc/<process>/stat: time of children that ended


class ProcessTree:
    """One process and, where it `may_fork`, all that it started.

    Where the system does not tell how long another process has computed, wall-clock time stands for it.
    """

    def __init__(self, process: int, *, may_fork: bool = False) -> None:
        self._process, self._may_fork = process, may_fork
        self._read = _clock_of(process)
        self._latest = 0.0

    def seconds(self) -> float:
        """Return the processor seconds so far; what is gone counts as it was last seen."""
        with suppress(OSError):
            others = sum(map(_seconds_of_child, self._descendants())) if self._may_fork else 0.0
            if self._may_fork:
                others += _waited_for(self._process)
            self._latest = max(self._latest, self._read() + others)
        return self._latest

    def only_waits(self) -> bool:
        """Tell whether no thread computes, queues for a processor, or is held up by the disk.

        False if the system shows no threads: wall-clock time counts there anyway.
        """
        processes = [self._process, *(self._descendants() if self._may_fork else ())]
        states = "".join(map(_states, processes))
        return bool(states) and WORKS.isdisjoint(states)

    def _descendants(self) -> list[int]:
        found = [self._process]
        for process in found:  # which grows meanwhile
            found += _children(process)
        return found[1:]


def processor_seconds(process: int) -> float:
    """Return the processor time of all threads of `process`, in seconds; raise OSError if it is gone.

    The number of the clock is what `clock_getcpuclockid` of the C library makes of a process id.
    """
    return time.clock_gettime((~process << 3) | PROCESS_CLOCK)


def _clock_of(process: int) -> Callable[[], float]:
    """Return the best clock for `process` that this system has."""
    began = time.monotonic()
    return lambda: processor_seconds(process) if sys.platform == "linux" else time.monotonic() - began


def _seconds_of_child(process: int) -> float:
    with suppress(OSError):
        return processor_seconds(process) + _waited_for(process)
    return 0.0


def _waited_for(process: int) -> float:
    """Return the processor seconds of the children that `process` started and waited for."""
    fields = _fields(f"/proc/{process}/stat")
    return sum(map(int, fields[WAITED_FOR])) / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def _states(process: int) -> str:
    """Return one letter per thread of `process`, as `ps` shows them; "" where it is gone."""
    states = ""
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with suppress(OSError):  # a thread that ended meanwhile
                states += _fields(f"/proc/{process}/task/{thread}/stat")[0].decode()
    return states


def _fields(path: str) -> list[bytes]:
    """Return the fields of a `stat` file from the state on; the name before may hold blanks and brackets."""
    with open(path, "rb") as file:
        return file.read().rpartition(b")")[2].split()
