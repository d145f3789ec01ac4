"""Points never leave their bounds, whatever a test or a student came up with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.manifest import Component, Limits, Part
from autograder.core.model import Outcome, Report, TestSpec, Verdict
from autograder.core.scoring import (
    Standing,
    bounded,
    broken,
    charged,
    earned,
    mismatched_points,
    standings,
    unanswered,
)
from autograder.core.violation import Severity, Violation
from autograder.course import load_course
from autograder.grading.kind import kind_of

PARTS = load_course().manifest.parts
SPEC = TestSpec("T.a", "A.", "1.1", "relu", "forward", 2.0, "", ("relu",))
COMPONENTS = (Component("relu", "ReLU", "relu.py", 4.0), Component("sgd", "SGD", "sgd.py", 1.0))
PART = Part(
    name="p", title="P", folder="f", zip="z", kind="code", collect=(), answer_files=(), components=COMPONENTS,
    limits=Limits(1, 1, 1, 1, 1, 1, 1),
)  # fmt: skip


def report(*verdicts: Verdict, violations: tuple[Violation, ...] = ()) -> Report:
    return Report("ada", "p", "P", verdicts, violations=violations)


@given(st.floats(), st.floats(0, 1e6))
def test_a_score_stays_between_nothing_and_the_weight(score: float, weight: float) -> None:
    assert 0 <= bounded(score, weight) <= weight


@given(st.lists(st.floats(), max_size=10))
def test_the_sum_is_never_more_than_the_weights_together(scores: list[float]) -> None:
    verdicts = [Verdict(SPEC, Outcome.FAILED, score) for score in scores]
    assert 0 <= earned(verdicts) <= 2.0 * len(scores)


def test_no_answer_is_no_points_and_our_fault_is_full_points() -> None:
    assert (unanswered(SPEC, "why").score, unanswered(SPEC, "why").outcome) == (0.0, Outcome.SKIPPED)
    assert (broken(SPEC, "why").score, broken(SPEC, "why").outcome) == (2.0, Outcome.BROKEN)


def test_a_rule_that_zeroes_the_part_charges_every_test() -> None:
    verdict = Verdict(SPEC, Outcome.PASSED, 2.0)
    fine, guilty = report(verdict), report(verdict, violations=(Violation("prints", Severity.ZERO, "m"),))
    assert (charged(fine, verdict), charged(guilty, verdict)) == (2.0, 0.0)


def test_standings_count_per_component_in_the_manifests_order() -> None:
    sgd = replace(SPEC, component="sgd", max_score=1.0)
    verdicts = (
        Verdict(sgd, Outcome.FAILED, 0.25),
        Verdict(SPEC, Outcome.PASSED, 2.0),
        Verdict(SPEC, Outcome.FAILED, 0.0),
    )
    assert standings(report(*verdicts), PART) == (
        Standing("relu", "ReLU", 2.0, 2.0, 4.0, 1, 2),
        Standing("sgd", "SGD", 0.25, 0.25, 1.0, 0, 1),
    )


def test_weights_that_do_not_add_up_are_named() -> None:
    sgd = replace(SPEC, component="sgd", max_score=1.0)
    assert mismatched_points(PART, (SPEC, SPEC, sgd)) == ()
    stray = replace(SPEC, id="T.b", component="gelu")
    found = mismatched_points(PART, (SPEC, sgd, stray))
    assert found == (
        "T.b tests 'gelu', which is not a component of p.",
        "relu: the hidden tests weigh 2, assignment.toml gives 4 points.",
    )


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_what_is_graded_adds_up_to_the_manifests_points(part: Part) -> None:
    assert mismatched_points(part, kind_of(part).specs(part, load_course())) == ()


FINED = Violation("prints", 3, "relu.py:3 prints.")


@pytest.mark.parametrize(
    ("violations", "late", "expected"),
    [
        ((FINED,), 0.0, [5.0, 2.0]),
        ((FINED, replace(FINED, line=9)), 0.0, [5.0, 2.0]),
        ((FINED, Violation("imports", 2, "torch")), 0.0, [25 / 7 * 1.0, 10 / 7]),
        ((FINED,), 50.0, [2.5, 1.0]),
        ((Violation("prints", 99, ""),), 0.0, [0.0, 0.0]),
        ((FINED, Violation("imports", Severity.ZERO, "")), 0.0, [0.0, 0.0]),
    ],
    ids=[
        "one line",
        "once for all lines",
        "two rules",
        "and lateness",
        "never below nothing",
        "and all of it",
    ],
)
def test_a_number_of_points_is_taken_once_and_from_every_test_alike(
    violations: tuple[Violation, ...], late: float, expected: list[float]
) -> None:
    five = Verdict(replace(SPEC, max_score=10.0), Outcome.FAILED, 50 / 7)
    two = Verdict(replace(SPEC, id="T.b", max_score=4.0), Outcome.FAILED, 20 / 7)
    found = replace(report(five, two, violations=violations), late_percent=late)
    assert [charged(found, verdict) for verdict in found.verdicts] == pytest.approx(expected)
    assert found.score == pytest.approx(sum(expected), abs=1e-6)


def test_what_is_waived_takes_nothing() -> None:
    waived = report(Verdict(SPEC, Outcome.PASSED, 2.0), violations=(replace(FINED, severity=Severity.WARN),))
    assert waived.score == 2.0
