"""Graders that share a machine: they run cases side by side, and after a time-out one runs alone.

Processor time is fair between neighbours, but for the caches and clocks that they share. So a time-out
counts only if it comes again while nobody else asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock
from pathlib import Path
from typing import IO, Protocol


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


NOBODY = Nobody()


class SharedMachine:
    """Graders that lock the same two files; the system unlocks them for one that dies.

    To be alone, a thread closes a gate first: otherwise the others come and go, and are never all away.
    """

    exist = True

    def __init__(self, room: IO[bytes], gate: IO[bytes]) -> None:
        self._room, self._gate = room, gate

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


def forget(file: Path) -> None:
    """Remove what sharing by `file` has left, once nobody shares any more."""
    for each in _files(file):
        each.unlink(missing_ok=True)


def _files(file: Path) -> tuple[Path, Path]:
    return file, file.with_suffix(".gate")


@contextmanager
def sharing(file: Path | None) -> Iterator[Neighbours]:
    """Share the machine with all that use the same `file`; without one, with nobody."""
    if file is None:
        yield NOBODY
    else:
        room, gate = _files(file)
        with room.open("ab") as first, gate.open("ab") as second:
            yield SharedMachine(first, second)
