"""No attack achieves its aim, costs another component a point, disturbs a canary or outlives its grading."""

from __future__ import annotations

from collections import Counter

import pytest

from autograder.core.model import Outcome
from tests.attacks.attack import Attack, read_attacks
from tests.attacks.bench import Bench, outcomes, points, said

ATTACKS = read_attacks()
GROUPS = {"forging", "patching", "lying", "crashing", "reading", "forbidden", "hanging", "bombs", "floods"}
GROUPS |= {"network", "privileges", "messages"}


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(one, marks=pytest.mark.slow if one.slow else (), id=f"{one.group}: {one.name}")
        for one in ATTACKS
    ],
)
def test_an_attack_gets_what_it_deserves_and_nothing_else(attack: Attack, bench: Bench, project) -> None:
    report = bench.grade_files({attack.file: attack.source(bench.canaries.targets(project))})
    component = next(one for one in bench.part.components if one.file == attack.file)
    deserved = {one.name: one.points for one in bench.part.components} | {component.name: attack.keeps}
    told = said(report, component.name)
    assert attack.must in told
    assert "SUCCEEDED" not in told
    assert "FELL OVER" not in told
    assert points(report) == deserved
    assert Outcome.BROKEN not in outcomes(report, component.name)
    assert report.zeroed == attack.zeroed
    assert report.seconds < bench.part.limits.part_seconds + 3


def test_there_are_attacks_of_every_group_and_no_name_twice() -> None:
    names = Counter((attack.group, attack.name) for attack in ATTACKS)
    assert {group for group, _ in names} == GROUPS
    assert max(names.values()) == 1
    assert len(names) >= 60
