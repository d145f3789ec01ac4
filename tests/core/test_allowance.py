"""What the staff grants: in the points, with its reason where the student reads it, and bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.core.allowance import NOTHING, Allowance, Override, Waiver, with_allowance
from autograder.core.model import Outcome, Report, TestSpec, Verdict
from autograder.core.scoring import charged
from autograder.core.violation import Severity, Violation


def spec(number: str, component: str, points: float) -> TestSpec:
    return TestSpec(f"T.{number}", f"test {number}", number, component, "", points, "", ())


VERDICTS = (
    Verdict(spec("1.1", "relu", 2), Outcome.FAILED, 0.0, "wrong"),
    Verdict(spec("1.2", "relu", 4), Outcome.PASSED, 4.0),
    Verdict(spec("2.1", "sgd", 6), Outcome.TIMED_OUT, 0.0, "late"),
)
PRINTS = Violation("prints", Severity.ZERO, "relu.py:3 prints.", "relu.py", 3)
REPORT = Report("ada", "convnet", "Part 1", VERDICTS, violations=(PRINTS,))


def points(report: Report) -> list[float]:
    return [charged(report, verdict) for verdict in report.verdicts]


def test_nothing_granted_changes_nothing() -> None:
    assert with_allowance(REPORT, NOTHING) == REPORT


@pytest.mark.parametrize("test", ["1.1", "T.1.1"])
def test_an_override_of_a_test_counts_and_says_why(test: str) -> None:
    granted = with_allowance(
        replace(REPORT, violations=()), Allowance((Override("convnet", 1.5, "right idea", test=test),))
    )
    assert points(granted) == [1.5, 4.0, 0.0]
    assert granted.verdicts[0].message == 'The staff set this to 1.5 of 2 points: "right idea".\nwrong'
    assert granted.verdicts[0].outcome is Outcome.FAILED


def test_an_override_of_a_component_is_shared_by_its_tests() -> None:
    full = Allowance((Override("convnet", 6, "machine was down", component="sgd"),))
    granted = with_allowance(replace(REPORT, violations=()), full)
    assert points(granted) == [0.0, 4.0, 6.0]
    assert granted.verdicts[2].outcome is Outcome.PASSED
    half = Allowance((Override("convnet", 3, "by hand", component="relu"),))
    assert points(with_allowance(replace(REPORT, violations=()), half)) == [1.0, 2.0, 0.0]


def test_an_override_of_another_part_changes_nothing() -> None:
    other = Allowance((Override("pytorch", 6, "x", component="sgd"),))
    assert with_allowance(REPORT, other) == REPORT


def test_a_waived_rule_costs_nothing_and_says_so() -> None:
    assert points(REPORT) == [0.0, 0.0, 0.0]
    granted = with_allowance(REPORT, Allowance(waivers=(Waiver("prints", "given code printed"),)))
    assert points(granted) == [0.0, 4.0, 0.0]
    assert granted.violations[0].severity is Severity.WARN
    assert granted.violations[0].message.endswith('The staff waived this rule for you: "given code printed".')


def test_a_comment_stands_in_the_report_as_the_staffs() -> None:
    assert with_allowance(REPORT, Allowance(comments=("See me.",))).remarks == ('The staff says: "See me."',)


def test_points_stay_within_the_test_and_the_sum_of_all_stays_the_same() -> None:
    granted = with_allowance(
        replace(REPORT, violations=()), Allowance((Override("convnet", 99, "x", test="1.1"),))
    )
    assert points(granted)[0] == 2
    assert granted.max_score == REPORT.max_score
