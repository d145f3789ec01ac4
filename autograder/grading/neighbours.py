"""Graders that share a machine: they ask side by side, and one of them alone where time ran out.

Processor time is fair between neighbours, but for the caches and clocks that they share. So a time-out
counts only if it comes again while nobody else asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock
from pathlib import Path
from typing import Protocol


class Neighbours(Protocol):
    """Those that grade on this machine at the same time; `exist` says whether there may be any."""

    exist: bool

    def beside(self) -> AbstractContextManager[None]:
        """Return a context in which others may ask as well."""

    def alone(self) -> AbstractContextManager[None]:
        """Return a context in which nobody else asks; entering waits for that."""


class Nobody:
    """Nobody else, as far as is known."""

    exist = False

    def beside(self) -> AbstractContextManager[None]:
        """Return a context that holds nothing."""
        return nullcontext()

    alone = beside


class SharedMachine:
    """All graders that were given the same `file`; the system unlocks it for one that dies.

    Whoever wants to be alone closes a gate first: else the others come and go, and are never all away.
    """

    exist = True

    def __init__(self, file: Path) -> None:
        self._room = file.open("ab")
        self._gate = file.with_suffix(".gate").open("ab")

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Ask as others do, once nobody is alone or about to be."""
        flock(self._gate, LOCK_SH)
        flock(self._room, LOCK_SH)
        flock(self._gate, LOCK_UN)
        try:
            yield
        finally:
            flock(self._room, LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Ask once all others have their replies; meanwhile they wait."""
        flock(self._gate, LOCK_EX)
        try:
            flock(self._room, LOCK_EX)
            yield
        finally:
            flock(self._room, LOCK_UN)
            flock(self._gate, LOCK_UN)

    def close(self) -> None:
        """Close the files."""
        self._room.close()
        self._gate.close()
