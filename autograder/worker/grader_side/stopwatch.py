"""What one case has cost so far: the seconds that a worker computed, and those in which it only waited.

A student's time limit must not depend on who else uses the machine. So the limit counts processor time. A
worker that waits (for a lock, in `sleep`) would have no limit then; its waiting counts as well, and so does
a share of wall-clock time, for what is neither: many short naps, or a machine that is much too busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

LOOK_SECONDS = 0.1  # between two looks at a worker that has not answered
PATIENCE = 10.0  # seconds in which a worker may wait during one case
WALL = 5  # wall-clock seconds count as one second, at the least
IDLE = 0.1  # of a look's seconds: a process that computes less does not compute


class Computing(Protocol):
    """What a stopwatch looks at, such as a ProcessTree."""

    def seconds(self) -> float:
        """Return the processor seconds so far."""

    def only_waits(self) -> bool:
        """Tell whether no thread computes now, or would if it could."""


class Stopwatch:
    """Measure one case after another.

    What the worker computes between two cases counts for the second one, which it was given ahead; wall-clock
    time and its waiting count only from `start` on, while somebody waits for it.
    """

    def __init__(self, tree: Computing, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tree, self._clock = tree, clock
        self._computed = self._computed_before = tree.seconds()
        self._started = self._looked = clock()
        self._waited = 0.0

    def start(self) -> None:
        """Begin with the next case."""
        self._computed_before = self._computed
        self._started = self._looked = self._clock()
        self._waited = 0.0

    def look(self) -> None:
        """Look at the worker, which has not answered: does it wait?

        A look speaks for no more than two intervals: what happened before, nobody has seen.
        """
        now, computed = self._clock(), self._tree.seconds()
        passed = now - self._looked
        if computed - self._computed < IDLE * passed and self._tree.only_waits():
            self._waited += min(passed, 2 * LOOK_SECONDS)
        self._looked, self._computed = now, computed

    def seconds(self) -> float:
        """Return what the case has cost so far, in seconds."""
        self._computed = self._tree.seconds()
        used = self._computed - self._computed_before + self._waited
        return max(used, (self._clock() - self._started) / WALL)

    def is_over(self, seconds: float) -> bool:
        """Tell whether a case that may cost so many seconds has to end."""
        return self._waited >= PATIENCE or self.seconds() >= seconds

    def why(self, seconds: float) -> str:
        """Say to the student which limit of a case with so many seconds ran out."""
        computed = self._computed - self._computed_before
        if self._waited > computed:
            return f"it waited for {min(PATIENCE, seconds):g} s without computing"
        if computed + self._waited >= seconds:
            return f"{seconds:g} s of processor time"
        return f"{WALL * seconds:g} s by the clock"
