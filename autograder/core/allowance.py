"""What the staff grants one submission: points by hand, waived rules, more time, a comment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autograder.core.model import Outcome, Report, Verdict
from autograder.core.student_text import quoted
from autograder.core.violation import Severity, Violation


@dataclass(frozen=True)
class Override:
    """Points for one `test` (its number or id) or one `component` of a `part`, in place of what was found."""

    part: str
    points: float
    reason: str
    component: str = ""
    test: str = ""

    def words(self) -> str:
        """Return it for the staff, on one line."""
        return f"{self.component or self.test}: {self.points:g} points ({self.reason})"


@dataclass(frozen=True)
class Waiver:
    """A policy that costs one submission nothing, and why."""

    policy: str
    reason: str = ""


@dataclass(frozen=True)
class Allowance:
    """Everything that is granted to one submission; a group shares what each of its students has.

    Attributes: extension_hours  beyond the deadline, the longest of the group;
                late_days        in the purse, the fewest of the group; None: as the manifest says.
    """

    overrides: tuple[Override, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    comments: tuple[str, ...] = ()
    extension_hours: float = 0.0
    late_days: int | None = None

    def words(self, part: str) -> str:
        """Return what of it concerns `part`, for the gradebook."""
        waived = [f"{each.policy} waived ({each.reason or 'no reason given'})" for each in self.waivers]
        more = [f"extension of {self.extension_hours:g} hours"] if self.extension_hours else []
        return ", ".join(
            [*(each.words() for each in self.overrides if each.part == part), *waived, *more, *self.comments]
        )


NOTHING = Allowance()


@dataclass
class _Granting:
    """The verdicts of one report while overrides are applied."""

    verdicts: list[Verdict] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)

    def apply(self, override: Override) -> None:
        mine = [verdict.spec for verdict in self.verdicts if concerns(override, verdict)]
        whole = math.fsum(spec.max_score for spec in mine)
        self.granted += [spec.id for spec in mine]
        share = override.points / whole if whole else 0.0
        self.verdicts = [
            _granted(verdict, share * verdict.spec.max_score, override.reason)
            if concerns(override, verdict)
            else verdict
            for verdict in self.verdicts
        ]


def concerns(override: Override, verdict: Verdict) -> bool:
    """Tell whether `override` is about the test of `verdict`."""
    if override.test:
        return override.test in (verdict.spec.number, verdict.spec.id)
    return override.component == verdict.spec.component


def with_allowance(report: Report, allowance: Allowance) -> Report:
    """Return `report` with what is granted, each with its reason where the student reads it."""
    granting = _Granting(list(report.verdicts))
    for override in allowance.overrides:
        if override.part == report.part:
            granting.apply(override)
    reasons = {waiver.policy: waiver.reason for waiver in allowance.waivers}
    return replace(
        report,
        verdicts=tuple(granting.verdicts),
        granted=tuple(dict.fromkeys(granting.granted)),
        violations=tuple(_waived(violation, reasons) for violation in report.violations),
        remarks=(*report.remarks, *_said(allowance.comments)),
    )


def _granted(verdict: Verdict, points: float, reason: str) -> Verdict:
    most = verdict.spec.max_score
    score = round(min(max(points, 0.0), most), 6)
    said = f"The staff set this to {score:g} of {most:g} points: {quoted(reason)}."
    outcome = Outcome.PASSED if score >= most else verdict.outcome
    return replace(verdict, score=score, outcome=outcome, message=f"{said}\n{verdict.message}".rstrip())


def _waived(violation: Violation, reasons: dict[str, str]) -> Violation:
    if violation.policy not in reasons:
        return violation
    why = f": {quoted(reasons[violation.policy])}" if reasons[violation.policy] else ""
    message = f"{violation.message} The staff waived this rule for you{why}."
    return replace(violation, severity=Severity.WARN, message=message)


def _said(comments: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"The staff says: {quoted(comment, 2000)}" for comment in comments)
