"""How long a worker has computed, and whether it waits: read from outside, so that it cannot lie about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # per second
IDLE = b"SZ"  # states of a thread that sleeps until something comes, or has ended
MOST = 512  # processes that are looked at


@dataclass(frozen=True)
class Usage:
    """What a worker and all of its processes have used: processor seconds, and whether one wants to compute.

    A thread that waits for a processor or for the disk is not idle: a busy machine is nobody's fault.
    """

    seconds: float
    is_idle: bool


def usage_of(process: int) -> Usage | None:
    """Return what the tree of `process` has used up to now; None where the system does not tell.

    Counted are living processes, and those that ended and were waited for.
    """
    ticks, is_idle, waiting, seen = 0, True, [process], 0
    while waiting and seen < MOST:
        each = waiting.pop()
        seen += 1
        fields = _fields(Path(f"/proc/{each}/stat"))
        if fields is None:
            if each == process:
                return None
            continue
        ticks += sum(int(field) for field in fields[11:15])  # user and system, its own and of ended children
        for task in _tasks(each):
            state = _fields(task / "stat")
            is_idle &= state is None or state[0] in IDLE
            with suppress(OSError, ValueError):
                waiting += [int(child) for child in (task / "children").read_bytes().split()]
    return Usage(ticks / TICKS, is_idle)


def _fields(path: Path) -> list[bytes] | None:
    """Return the fields of a stat file from the state on: what is before it may hold blanks."""
    try:
        return path.read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None


def _tasks(process: int) -> Iterator[Path]:
    with suppress(OSError):
        yield from Path(f"/proc/{process}/task").iterdir()


@dataclass
class Account:
    """The seconds of one question: those that the worker computed, and those in which it waited.

    Args: now  the wall clock at its beginning, in seconds.
    """

    now: float
    limit: float
    patience: float
    stretch: float
    used: float = 0.0
    idle: float = 0.0  # in a row
    _computed: float | None = None

    def __post_init__(self) -> None:
        self._began = self._looked = self.now

    def look(self, now: float, usage: Usage | None) -> None:
        """Take in what was used up to `now`; where the system does not tell, the wall clock counts."""
        passed, self._looked = now - self._looked, now
        if usage is None:
            self.used += passed
            return
        computed = passed if self._computed is None else usage.seconds - self._computed
        self._computed = usage.seconds
        self.idle = self.idle + passed if usage.is_idle and computed == 0 else 0.0
        self.used += max(computed, passed if usage.is_idle else 0.0)

    def end(self, now: float) -> float:
        """Return the seconds that count, those since the last look by the wall clock."""
        return self.used + now - self._looked

    def is_over(self, now: float) -> bool:
        """Tell whether its time is up: it has computed or waited too long, or nobody knows what it does."""
        return (
            self.used >= self.limit
            or self.idle >= self.patience
            or now - self._began >= self.stretch * self.limit
        )
