"""Report → Record, what a class keeps of it, and Record ↔ plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.core.cohort import Lesson, Record
from autograder.core.model import NOT_RUN, Outcome, Report
from autograder.core.scoring import charged, earned

PLAIN = (
    "name",
    "key",
    "max_score",
    "problem",
    "seconds",
    "fault",
    "late_days",
)  # fields of a record that JSON knows


def record_of(report: Report, *, key: str, files: Mapping[str, str]) -> Record:
    """Return what a class keeps of `report`."""
    policies = dict.fromkeys(
        f"late ({_late(report)})" if entry.policy == "late" else f"{entry.policy} ({entry.cost})"
        for entry in report.violations
    )
    return Record(
        name=report.name,
        key=key,
        outcomes=tuple(verdict.outcome for verdict in report.verdicts),
        scores=tuple(earned([verdict]) for verdict in report.verdicts),
        charged=tuple(charged(report, verdict) for verdict in report.verdicts),
        max_score=report.max_score,
        diagnoses=tuple(dict.fromkeys(entry.mutant for entry in report.diagnoses)),
        policies=tuple(policies),
        problem=report.problem,
        late_days=report.late_days,
        files=dict(files),
        seconds=round(report.seconds, 3),
        fault=next((each.message for each in report.verdicts if each.outcome in NOT_RUN), ""),
        lessons={entry.mutant: Lesson(entry.hint, _lost(report, entry.tests)) for entry in report.diagnoses},
    )


def _late(report: Report) -> str:
    """Return what lateness took, such as "-10 %" or "1 late day"."""
    days = f"{report.late_days} late day{'' if report.late_days == 1 else 's'}" if report.late_days else ""
    percent = f"-{report.late_percent:g} %" if report.late_percent or not days else ""
    return ", ".join(filter(None, [days, percent]))


def _lost(report: Report, tests: Sequence[str]) -> float:
    """Return the points that the tests with these ids did not earn."""
    missed = (each.spec.max_score - each.score for each in report.verdicts if each.spec.id in tests)
    return round(math.fsum(missed), 6)


def to_table(record: Record) -> dict[str, Any]:
    """Return `record` as plain JSON values; `from_table` turns them back."""
    return {
        **{name: getattr(record, name) for name in PLAIN},
        **{name: list(getattr(record, name)) for name in ("scores", "charged", "diagnoses", "policies")},
        "outcomes": [outcome.value for outcome in record.outcomes],
        "files": dict(record.files),
        "lessons": {name: [lesson.hint, lesson.lost] for name, lesson in record.lessons.items()},
    }


def from_table(table: Mapping[str, Any]) -> Record:
    """Return the record that `to_table` made; raise KeyError, TypeError or ValueError for anything else."""
    lists: Mapping[str, Sequence[Any]] = {
        name: tuple(table[name]) for name in ("scores", "charged", "diagnoses", "policies")
    }
    plain = {name: table[name] for name in PLAIN}
    return Record(
        **plain,
        **lists,  # type: ignore[arg-type]
        outcomes=tuple(Outcome(value) for value in table["outcomes"]),
        files=dict(table["files"]),
        lessons={name: Lesson(str(hint), float(lost)) for name, (hint, lost) in table["lessons"].items()},
    )
