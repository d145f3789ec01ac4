"""How long the next output may take, so that one endless loop does not use up the others' time."""

from __future__ import annotations

from autograder.core.manifest import Limits

MOST_TIMEOUTS = 4  # of one component; what hung so often is not asked again
TOO_SHORT = 0.25  # seconds; a case with less would measure our own overhead


class Budget:
    """The seconds that the workers of one submission may cost, shared out among its components.

    They are a Stopwatch's, processor time and waiting: what another process takes of the machine costs none.
    A case gets `limits.test_seconds`, half as much after every time-out of the same component, and never
    so much that a component still to come would be left with less than half of an even share of the part.
    """

    def __init__(self, limits: Limits, components: int) -> None:
        self._limits = limits
        self._spent = 0.0
        self._reserve = limits.part_seconds / (2 * max(components, 1))
        self._to_come = components
        self._timeouts = 0
        self._spent_before = 0.0

    def begin_component(self) -> None:
        """Start the account of the next component."""
        self._to_come -= 1
        self._timeouts = 0
        self._spent_before = self._spent

    def charge(self, seconds: float) -> None:
        """Take off what a case has cost."""
        self._spent += seconds

    def note_timeout(self) -> None:
        """Halve what the further cases of this component get."""
        self._timeouts += 1

    @property
    def allows_a_repeat(self) -> bool:
        """Tell whether the component could do all that it did once more, and have as much left again."""
        return 2 * (self._spent - self._spent_before) <= self._left

    @property
    def is_full(self) -> bool:
        """Tell whether the next case gets all that its component may claim, whatever ran before."""
        return self.seconds() >= self._fair_seconds

    def seconds(self) -> float:
        """Return the seconds that the next case gets; 0 where it is not to be asked."""
        if self._timeouts >= MOST_TIMEOUTS:
            return 0.0
        allowed = min(self._fair_seconds, self._left)
        return allowed if allowed >= TOO_SHORT else 0.0

    @property
    def _left(self) -> float:
        return self._limits.part_seconds - self._spent - self._reserve * max(self._to_come, 0)

    @property
    def _fair_seconds(self) -> float:
        return max(self._limits.test_seconds * 0.5**self._timeouts, TOO_SHORT)
