"""No attack achieves its aim, costs another component a point, disturbs a canary or outlives its grading."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.attacks.attack import Attack, read_attacks
from tests.attacks.bench import Bench
from tests.attacks.judge import judge

ATTACKS = read_attacks()
GROUPS = {"forging", "patching", "lying", "crashing", "reading", "forbidden", "hanging", "bombs", "floods"}
GROUPS |= {"network", "privileges", "messages", "marks"}


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{one.group}: {one.name}" for one in ATTACKS])
def test_an_attack_gets_what_it_deserves_and_nothing_else(
    attack: Attack, bench: Bench, project: Path
) -> None:
    judge(attack, bench, project)


def test_there_are_attacks_of_every_group_and_no_name_twice() -> None:
    names = Counter((attack.group, attack.name) for attack in ATTACKS)
    assert {group for group, _ in names} == GROUPS
    assert max(names.values()) == 1
    assert len(names) >= 60
