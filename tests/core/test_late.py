"""Late work: extension first, then grace, then late days, and only then points; all of it is said."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from autograder.core.allowance import NOTHING, Allowance
from autograder.core.errors import CourseError
from autograder.core.late import Lateness, LatePolicy, lateness, moment, with_lateness
from autograder.core.manifest_reading import parse_manifest
from autograder.core.model import Outcome, Report, TestSpec, Verdict
from autograder.core.scoring import charged

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

POLICY = LatePolicy(percent_per_day=10, grace_hours=2, late_days=0, cap_percent=50)
SPECS = [TestSpec(f"T.{n}", f"test {n}", f"1.{n}", "relu", "", 5.0, "", ()) for n in (1, 2)]
REPORT = Report("ada", "convnet", "Part 1", tuple(Verdict(spec, Outcome.PASSED, 5.0) for spec in SPECS))


@pytest.mark.parametrize(
    ("hours", "policy", "granted", "percent", "said"),
    [
        (1.5, {}, {}, 0, "within 2 hours of grace period. No points are deducted."),
        (2.1, {}, {}, 10, "10 % of the points are deducted (10 % for each of 1 day started)."),
        (26, {}, {}, 10, "each of 1 day"),
        (26.1, {}, {}, 20, "each of 2 days"),
        (24 * 30, {}, {}, 50, "50 % of the points are deducted (10 % for each of 30 days started, at most 50 "
                            "%)."),
        (40, {}, {"extension_hours": 48.0}, 0, "within your extension of 48 hours"),
        (60, {}, {"extension_hours": 48.0}, 10, "each of 1 day"),
        (60, {"late_days": 2}, {"extension_hours": 48.0}, 0, "1 of 2 late days used. No points are"),
        (60, {"late_days": 2}, {}, 10, "2 of 2 late days used. 10 %"),
        (60, {"late_days": 2}, {"late_days": 0}, 30, "each of 3 days"),
        (60, {}, {"late_days": 5}, 0, "3 of 5 late days used. No points"),
        (None, {}, {}, 10, "but it is not known by how much; this counts as one day."),
        (None, {}, {"extension_hours": 1.0}, 0, "within your extension"),
        (0.2, {"grace_hours": 0}, {}, 10, "12 minutes late"),
        (100, {"percent_per_day": 0}, {}, 0, "No points are deducted."),
    ],
)  # fmt: skip
def test_what_lateness_takes_and_says(
    hours: float | None, policy: dict[str, float], granted: dict[str, float], percent: float, said: str
) -> None:
    report = with_lateness(REPORT, Lateness(hours), replace(POLICY, **policy), Allowance(**granted))  # type: ignore[arg-type]
    assert report.late_percent == percent
    assert report.late_days == (int(said[0]) if "late day" in said else 0)
    assert said in report.violations[0].message
    assert report.score == pytest.approx(10 * (1 - percent / 100))
    assert sum(charged(report, verdict) for verdict in report.verdicts) == pytest.approx(report.score)
    assert report.max_score == REPORT.max_score


def test_in_time_or_without_a_policy_nothing_happens() -> None:
    assert with_lateness(REPORT, None, POLICY, NOTHING) is REPORT
    assert with_lateness(REPORT, Lateness(99), None, NOTHING) is REPORT


def test_points_of_the_staff_are_not_taken_and_use_no_late_day_where_they_are_all() -> None:
    one = replace(REPORT, granted=("T.1",))
    late = with_lateness(one, Lateness(3), POLICY, NOTHING)
    assert [charged(late, verdict) for verdict in late.verdicts] == [5.0, 4.5]
    every = replace(REPORT, granted=("T.1", "T.2"))
    assert with_lateness(every, Lateness(3), replace(POLICY, late_days=3), NOTHING) is every


def test_a_time_counts_before_a_flag() -> None:
    due = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    assert lateness(due + timedelta(hours=3), due, is_flagged=False) == Lateness(3.0)
    assert lateness(due, due, is_flagged=True) is None
    assert lateness(None, due, is_flagged=True) == Lateness(None)
    assert lateness(due, None, is_flagged=False) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2026-03-01T23:59:00+01:00", 22), ("2026-03-01 23:59 +0100", 22), ("2026-03-01T23:59:00Z", 23),
     ("2026-03-01 23:59:00.123456789 UTC", 23), ("2026-03-01T23:59:00", None), ("1 March", None), ("", None),
     ("2026-02-30T23:59:00Z", None), ("2026-03-01T25:59:00Z", None)],
)  # fmt: skip
def test_a_moment_needs_its_offset(text: str, hour: int | None) -> None:
    found = moment(text)
    assert (found and found.hour) == hour


def test_a_deadline_without_an_offset_or_of_no_part_is_refused(project: Path) -> None:
    table = tomllib.loads((project / "assignment.toml").read_text(encoding="utf-8"))
    for due, said in (
        ({"convnet": "tomorrow"}, "a time with its offset"),
        ({"convent": ""}, "is convnet meant"),
    ):
        with pytest.raises(CourseError, match=said):
            parse_manifest({**table, "late": {"due": due}})
