"""How long the next answer may take, so that one endless loop does not starve the other components."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.core.manifest import Limits

TOO_SHORT = 0.25  # seconds; asking with less would measure our own overhead


class Budget:
    """The seconds of one part of one submission, shared out among its components.

    A question gets `limits.test_seconds`, half as much after every time-out of the same component, and never
    so much that a component still to come would be left with less than half of an even share of the part.
    """

    def __init__(
        self, limits: Limits, components: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._end = clock() + limits.part_seconds
        self._reserve = limits.part_seconds / (2 * max(components, 1))
        self._to_come = components
        self._timeouts = 0

    def begin_component(self) -> None:
        """Start the account of the next component."""
        self._to_come -= 1
        self._timeouts = 0

    def note_timeout(self) -> None:
        """Halve what the further questions of this component get."""
        self._timeouts += 1

    @property
    def fair_seconds(self) -> float:
        """Return what the next question should get, were there time enough."""
        return max(self._limits.test_seconds * 0.5**self._timeouts, TOO_SHORT)

    def seconds(self) -> float:
        """Return the seconds that the next question gets; 0 where there is no time left to ask it."""
        left = self._end - self._clock() - self._reserve * max(self._to_come, 0)
        allowed = min(self.fair_seconds, left)
        return allowed if allowed >= TOO_SHORT else 0.0
