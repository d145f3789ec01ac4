"""Time is shared out so that what hangs takes nothing from what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.core.manifest import Part
from autograder.grading.budget import MOST_TIMEOUTS, Budget


@pytest.fixture
def limits(part: Part):
    return replace(part.limits, test_seconds=10.0, part_seconds=50.0)


def hang(budget: Budget) -> list[float]:
    """Let every question of a component run out of time; return what each was given."""
    given = []
    while seconds := budget.seconds():
        given.append(seconds)
        budget.charge(seconds)
        budget.note_timeout()
    return given


def test_an_untroubled_component_gets_the_full_time_for_every_question(limits) -> None:
    budget = Budget(limits, 6)
    budget.begin_component()
    for _ in range(20):
        assert budget.seconds() == 10.0
        assert budget.is_full
        budget.charge(0.5)


def test_every_time_out_halves_the_time_and_the_last_ends_the_asking(limits) -> None:
    budget = Budget(limits, 6)
    budget.begin_component()
    assert hang(budget) == [10.0, 5.0, 2.5, 1.25]
    assert MOST_TIMEOUTS == 4


def test_a_component_after_one_that_hangs_starts_afresh(limits) -> None:
    budget = Budget(limits, 6)
    budget.begin_component()
    hang(budget)
    budget.begin_component()
    assert budget.seconds() == 10.0


@pytest.mark.parametrize("components", [1, 2, 6, 12])
def test_where_everything_hangs_all_are_asked_and_the_part_ends_in_time(limits, components: int) -> None:
    budget = Budget(limits, components)
    spent = 0.0
    for _ in range(components):
        budget.begin_component()
        given = hang(budget)
        assert given[0] >= min(10.0, 50.0 / (2 * components)) - 1e-9
        spent += sum(given)
    assert spent <= 50.0


def test_time_that_is_cut_short_by_the_others_share_says_so(limits) -> None:
    budget = Budget(limits, 2)
    budget.begin_component()
    budget.charge(30.0)
    assert budget.seconds() == pytest.approx(7.5)
    assert not budget.is_full
    budget.charge(7.4)
    assert budget.seconds() == 0.0
