"""The nouns: questions have one identity, and reports count what policies leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.model import Case, Outcome, Report, TestSpec, Verdict
from autograder.core.violation import Severity, Violation

SPEC = TestSpec("T.a", "A.", "1.1", "relu", "forward", 2.0, "", ("relu",))


def test_equal_cases_have_equal_keys_whatever_the_order_and_the_layout() -> None:
    x = np.arange(6.0).reshape(2, 3)
    one = Case("p", {"a": 1, "b": 2}, {"x": x, "y": x})
    two = Case("p", {"b": 2, "a": 1}, {"y": np.asfortranarray(x), "x": x[:, ::-1][:, ::-1]})
    assert one.key == two.key


@pytest.mark.parametrize(
    "other",
    [
        Case("q", {"a": 1}, {"x": np.zeros((2, 3))}),
        Case("p", {"a": 2}, {"x": np.zeros((2, 3))}),
        Case("p", {"a": True}, {"x": np.zeros((2, 3))}),
        Case("p", {"a": 1}, {"x": np.zeros((3, 2))}),
        Case("p", {"a": 1}, {"x": np.zeros((2, 3), np.float32)}),
        Case("p", {"a": 1}, {"z": np.zeros((2, 3))}),
        Case("p", {"a": 1}, {"x": np.full((2, 3), 1e-300)}),
        Case("p", {"a": 1}, {"x": np.zeros(())}),
        Case("p", {"a": 1}),
    ],
    ids=["probe", "setting", "type", "shape", "dtype", "name", "value", "scalar", "none"],
)
def test_whatever_a_worker_could_tell_apart_has_another_key(other: Case) -> None:
    assert Case("p", {"a": 1}, {"x": np.zeros((2, 3))}).key != other.key


def report(*verdicts: Verdict, violations: tuple[Violation, ...] = ()) -> Report:
    return Report("ada", "convnet", "Part 1", verdicts, violations=violations)


def test_only_a_violation_of_the_whole_part_takes_its_points() -> None:
    passed = Verdict(SPEC, Outcome.PASSED, 2.0)
    warned = Violation("prints", Severity.WARN, "m")
    local = Violation("non_runnable", Severity.ZERO, "m", component="sgd")
    whole = Violation("prints", Severity.ZERO, "m")
    assert report(passed, violations=(warned, local)).score == 2.0
    assert not report(passed, violations=(warned, local)).zeroed
    assert report(passed, violations=(warned, whole)).score == 0.0
    assert report(passed, violations=(whole,)).max_score == 2.0


@given(st.lists(st.floats(0, 1), max_size=30))
def test_points_add_up_without_rounding_dust(shares: list[float]) -> None:
    verdicts = [Verdict(replace(SPEC, max_score=1.0), Outcome.FAILED, share) for share in shares]
    assert report(*verdicts).score == pytest.approx(sum(shares), abs=1e-5)
    assert report(*[Verdict(SPEC, Outcome.PASSED, 0.1)] * 3).score == 0.3
