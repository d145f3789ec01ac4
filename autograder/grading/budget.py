"""How long the next answer may take, so that one endless loop does not starve the other components."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.core.manifest import Limits

MOST_TIMEOUTS = 4  # of one component; what hung so often is not asked again
TOO_SHORT = 0.25  # seconds; asking with less would measure our own overhead


class Budget:
    """The seconds of one part of one submission, shared out among its components.

    A case gets `limits.test_seconds`, half as much after every time-out of the same component, and never
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
        self._began = clock()

    def begin_component(self) -> None:
        """Start the account of the next component."""
        self._to_come -= 1
        self._timeouts = 0
        self._began = self._clock()

    def note_timeout(self) -> None:
        """Halve what the further cases of this component get."""
        self._timeouts += 1

    @property
    def allows_a_repeat(self) -> bool:
        """Tell whether the component could do all that it did once more, and have as much left again."""
        now = self._clock()
        return 2 * (now - self._began) <= self._end - now - self._reserve * max(self._to_come, 0)

    @property
    def is_full(self) -> bool:
        """Tell whether the next case gets all that its component may claim, whatever ran before."""
        return self.seconds() >= self._fair_seconds

    def seconds(self) -> float:
        """Return the seconds that the next case gets; 0 where it is not to be asked."""
        if self._timeouts >= MOST_TIMEOUTS:
            return 0.0
        left = self._end - self._clock() - self._reserve * max(self._to_come, 0)
        allowed = min(self._fair_seconds, left)
        return allowed if allowed >= TOO_SHORT else 0.0

    @property
    def _fair_seconds(self) -> float:
        return max(self._limits.test_seconds * 0.5**self._timeouts, TOO_SHORT)
