"""Late work: how late, what an extension and late days cover, and what the rest costs.

An extension counts first, then the grace, then late days, which apply by themselves while any are left; only
what is late beyond them costs points, so many percent per day begun, up to a cap.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Annotated

from msgspec import Meta

from autograder.core.allowance import Allowance, with_allowance
from autograder.core.model import Report
from autograder.core.violation import Severity, Violation

DAY = 24.0  # hours
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)")


@dataclass(frozen=True)
class LatePolicy:
    """The table [late] of the manifest.

    Attributes: due        part → when it must be handed in, with its offset from UTC;
                late_days  in every student's purse for all parts, unless students.toml has another number.
    """

    percent_per_day: Annotated[float, Meta(ge=0, le=100)] = 0.0
    grace_hours: Annotated[float, Meta(ge=0)] = 0.0
    late_days: Annotated[int, Meta(ge=0)] = 0
    cap_percent: Annotated[float, Meta(ge=0, le=100)] = 100.0
    due: Mapping[str, str] = field(default_factory=dict)

    def deadline(self, part: str) -> datetime | None:
        """Return when `part` must be handed in, if the manifest says so."""
        return moment(self.due.get(part, ""))


@dataclass(frozen=True)
class Lateness:
    """How late one submission came: in hours, or None if the platform says only that it is late."""

    hours: float | None


def moment(text: str) -> datetime | None:
    """Return the time that `text` states with its offset, or None.

    >>> moment("2025-03-01 10:00:00.000000000 Z").isoformat()
    '2025-03-01T10:00:00+00:00'
    """
    found = MOMENT.fullmatch(text.strip())
    if not found:
        return None
    day, clock, offset = found.groups()
    offset = "+00:00" if offset in ("Z", "UTC") else f"{offset[:3]}:{offset[-2:]}"
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(timezone.utc)
    except ValueError:
        return None


def lateness(handed_in: datetime | None, due: datetime | None, *, is_flagged: bool) -> Lateness | None:
    """Return how late a submission is; None if it is on time, or if nobody can tell."""
    if handed_in is not None and due is not None:
        hours = (handed_in - due).total_seconds() / 3600
        return Lateness(hours) if hours > 0 else None
    return Lateness(None) if is_flagged else None


def with_lateness(
    report: Report, late: Lateness | None, policy: LatePolicy | None, allowance: Allowance
) -> Report:
    """Return `report` with what lateness takes, and a sentence that says what and why."""
    if late is None or policy is None:
        return report
    if report.verdicts and all(verdict.spec.id in report.granted for verdict in report.verdicts):
        return report  # every point is the staff's: no late day is used
    hours = DAY if late.hours is None else late.hours
    beyond = hours - allowance.extension_hours - policy.grace_hours
    is_covered = late.hours is None and allowance.extension_hours > 0  # nobody can say that it was longer
    days = 0 if is_covered else max(0, math.ceil(round(beyond / DAY, 6)))
    purse = policy.late_days if allowance.late_days is None else allowance.late_days
    used = min(days, purse)
    percent = min((days - used) * policy.percent_per_day, policy.cap_percent)
    said = (
        f"{_how_late(late)} {_covered(days, used, allowance, policy)}{_taken(days - used, percent, policy)}"
    )
    return replace(
        report,
        late_percent=percent,
        late_days=used,
        violations=(*report.violations, Violation("late", Severity.WARN, said)),
    )


def judged(report: Report, allowance: Allowance, late: Lateness | None, policy: LatePolicy | None) -> Report:
    """Return `report` with what is granted, then with what lateness takes."""
    return with_lateness(with_allowance(report, allowance), late, policy, allowance)


def _how_late(late: Lateness) -> str:
    if late.hours is None:
        return "Handed in late, but it is not known by how much; this counts as one day."
    if late.hours < 1:
        return f"Handed in {max(1, round(late.hours * 60))} minutes late."
    return f"Handed in {late.hours:.1f} hours late."


def _covered(days: int, used: int, allowance: Allowance, policy: LatePolicy) -> str:
    if not days:
        if allowance.extension_hours:
            return f"That is within your extension of {allowance.extension_hours:g} hours. "
        return f"That is within {policy.grace_hours:g} hours of grace period. "
    purse = policy.late_days if allowance.late_days is None else allowance.late_days
    return f"{used} of {purse} late day{'s' * (purse != 1)} used. " if used else ""


def _taken(days: int, percent: float, policy: LatePolicy) -> str:
    if not days or not percent:
        return "No points are deducted."
    capped = f", at most {policy.cap_percent:g} %" if percent < days * policy.percent_per_day else ""
    return (
        f"{percent:g} % of the points are deducted ({policy.percent_per_day:g} % for each of {days} "
        f"day{'s' * (days != 1)} started{capped})."
    )
