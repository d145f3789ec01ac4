"""Hostile zips: refused kindly or read safely, within little memory, and nothing is ever unpacked to disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.core.model import Outcome, Report
from tests.attacks.bench import MIB, Bench
from tests.attacks.hostile_zips import COSTLY, HARMLESS, REFUSED, Make, overlapping

MEMORY = 64 * MIB


def graded(make: Make, bench: Bench) -> Report:
    content = make(bench.course.solution(bench.part), bench.folder)
    report, peak = bench.traced(content)
    assert peak < MEMORY
    assert not Path("/tmp/slipped.py").exists()
    return report


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_one_sentence(make: Make, reason: str, bench: Bench) -> None:
    report = graded(make, bench)
    assert reason in report.problem
    assert len(report.problem) < 600
    assert report.score == 0
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.SKIPPED}


@pytest.mark.parametrize(("make", "reason"), COSTLY.values(), ids=COSTLY)
def test_it_costs_its_own_component_alone(make: Make, reason: str, bench: Bench) -> None:
    report = graded(make, bench)
    assert report.problem == ""
    assert report.score == pytest.approx(bench.part.points - bench.part.component("relu").points)
    assert any(reason in violation.message for violation in report.violations)


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_it_is_read_as_if_the_rest_were_not_there(make: Make, bench: Bench) -> None:
    report = graded(make, bench)
    assert report.problem == ""
    assert report.score == bench.part.points


def test_bytes_that_two_members_share_are_read_once(bench: Bench) -> None:
    report = graded(overlapping, bench)
    assert report.score == 0
    assert any("is damaged" in violation.message for violation in report.violations)
