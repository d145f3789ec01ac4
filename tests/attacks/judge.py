"""Grade one attack, and fail unless it got what it deserves and reached nothing."""

from __future__ import annotations

from pathlib import Path

from autograder.core.model import Outcome, Report
from autograder.worker.grader_side.stopwatch import WALL
from tests.attacks.attack import Attack
from tests.attacks.bench import Bench, outcomes, points, said

NOT_THERE = "ModuleNotFoundError: No module named"


def _kept(attack: Attack, report: Report, component: str) -> float:
    """Return the points that `component` deserves in spite of `attack`."""
    mine = [verdict.spec for verdict in report.verdicts if verdict.spec.component == component]
    kept = [spec for spec in mine if attack.keeps in ("everything", spec.direction or "no direction")]
    return round(sum(spec.max_score for spec in kept), 6)


def judge(attack: Attack, bench: Bench, project: Path) -> None:
    """Raise AssertionError where `attack` achieved something, or cost another component a point."""
    report = bench.grade_files({attack.file: attack.source(bench.canaries.targets(project))})
    component = next(one for one in bench.part.components if one.file == attack.file)
    deserved = {one.name: one.points for one in bench.part.components} | {
        component.name: _kept(attack, report, component.name)
    }
    told = said(report, component.name)
    assert "SUCCEEDED" not in told, told
    if bench.host.level.letter != "B" or NOT_THERE not in told:  # at level B an attack may lack its tools
        assert attack.must in told, told
        assert "FELL OVER" not in told, told
    assert points(report) == deserved, points(report)
    assert Outcome.BROKEN not in outcomes(report, component.name)
    assert report.zeroed == attack.zeroed
    assert report.seconds < WALL * (bench.part.limits.part_seconds + 3)  # however busy the machine is
