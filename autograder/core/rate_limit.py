"""How often one student is graded: decided by the times of submissions, never by the clock of the machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from autograder.core.manifest import RateLimit


@dataclass(frozen=True)
class Turn:
    """Whether a submission is graded.

    Attributes: counted   when earlier submissions of the span were graded, oldest first;
                opens_at  from when on the next one will be graded; None: this one is.
    """

    counted: tuple[datetime, ...]
    opens_at: datetime | None = None


def take_turn(limit: RateLimit, created_at: datetime, graded: Iterable[datetime]) -> Turn:
    """Decide on the submission of `created_at`, where others were graded at the times `graded`.

    A span reaches from `created_at` back, `limit.hours` long, its start excluded: a student who waits until
    `opens_at` is graded. All times carry a zone.

    >>> from datetime import timezone
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    >>> hours = [noon - timedelta(hours=ago) for ago in (30, 20, 2)]
    >>> take_turn(RateLimit(2, 24.0), noon, hours).opens_at.isoformat()
    '2026-03-01T16:00:00+00:00'
    >>> take_turn(RateLimit(3, 24.0), noon, hours).opens_at is None
    True
    """
    span = timedelta(hours=limit.hours)
    counted = tuple(sorted(time for time in set(graded) if created_at - span < time < created_at))
    if len(counted) < limit.submissions:
        return Turn(counted)
    return Turn(counted, opens_at=(counted[-limit.submissions] + span).astimezone(created_at.tzinfo))


def refusal(limit: RateLimit, opens_at: datetime) -> str:
    """Say to the student why a submission is not graded, and when the next one will be."""
    plural = "submission is" if limit.submissions == 1 else "submissions are"
    return (
        f"Not graded: at most {limit.submissions} {plural} graded within {limit.hours:g} hours. "
        f"Your next graded submission is possible from {opens_at:%Y-%m-%d %H:%M:%S} (UTC{opens_at:%z})."
    )
