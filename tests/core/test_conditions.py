"""The condition that separates is simple, true of every case, and silent where few cases speak for it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.conditions import SUPPORT, Attribute, find_condition, in_words

NAMES = ("A", "B", "C", "D")
ATTRIBUTES = [Attribute(name, f"not {name}", rank) for rank, name in enumerate(NAMES)]
ROWS = [row for row in itertools.product([False, True], repeat=4) for _ in range(5)]  # 80 cases


def found(rule, rows=ROWS, attributes=ATTRIBUTES):
    return find_condition(attributes, rows, [bool(rule(*row)) for row in rows])


@pytest.mark.parametrize(
    ("rule", "kind", "words"),
    [
        (lambda a, b, c, d: a, "exact", "A"),
        (lambda a, b, c, d: not c, "exact", "not C"),
        (lambda a, b, c, d: a and not b, "exact", "A and not B"),
        (lambda a, b, c, d: b or c, "exact", "B or C"),
        (lambda a, b, c, d: a or (b and c), "both", "B and C"),
        (lambda a, b, c, d: True, "always", ""),
    ],
)
def test_the_simplest_condition_is_found(rule, kind, words):
    finding = found(rule)
    assert (finding.kind, finding.words) == (kind, words)


def test_two_bugs_are_told_one_after_the_other():
    finding = found(lambda a, b, c, d: a or (b and c))
    assert (finding.first, finding.apart, finding.inside, finding.outside) == ("A", 40, (10, 10), (0, 30))
    assert in_words(finding, "dx is wrong") == (
        "There may be two bugs. dx is wrong wherever A: in all 40 such cases. In the other cases it fails "
        "exactly where B and C: in all 10 of them, and in none of the remaining 30."
    )


def test_where_none_is_exact_the_strongest_that_is_never_wrong_is_told():
    rows = [(index < 40, index % 2 == 0, index % 3 == 0, index % 5 == 0) for index in range(80)]
    finding = find_condition(
        ATTRIBUTES, rows, [index < 40 and index not in (3, 17, 22) for index in range(80)]
    )
    assert (finding.kind, finding.words, finding.inside, finding.outside) == ("only", "A", (37, 40), (0, 40))
    assert in_words(finding, "dx is wrong") == (
        "dx is wrong only where A: in 37 of 40 such cases, and in none of the 40 others."
    )


def test_a_condition_with_failures_beside_it_says_how_many():
    rows = [(index < 40, index % 2 == 0, index % 3 == 0, index % 5 == 0) for index in range(80)]
    finding = find_condition(ATTRIBUTES, rows, [index < 40 or index in (43, 57, 62) for index in range(80)])
    assert (finding.kind, finding.words, finding.inside, finding.outside) == ("part", "A", (40, 40), (3, 40))


def test_code_that_nearly_always_fails_is_told_so():
    rows = [(index % 2 == 0,) for index in range(60)]
    finding = find_condition(ATTRIBUTES[:1], rows, [index not in (3, 18) for index in range(60)])
    assert in_words(finding, "dx is wrong") == "dx is wrong in 58 of the 60 small cases that we tried."


def test_of_equal_attributes_the_one_of_the_data_is_told():
    rows = [(flag, flag) for flag in [True] * 9 + [False] * 9]
    setting, data = Attribute("K = s", "K ≠ s", 3), Attribute("windows overlap", "none overlaps", 0)
    finding = find_condition([setting, data], rows, [row[0] for row in rows])
    assert finding.words == "windows overlap"


@pytest.mark.parametrize("failing", [SUPPORT - 1, 16 - SUPPORT + 1], ids=["few fail", "few are right"])
def test_fewer_than_five_cases_on_a_side_give_no_condition(failing):
    rows = [(index < failing,) for index in range(16)]
    assert find_condition(ATTRIBUTES[:1], rows, [index < failing for index in range(16)]) is None


@given(st.lists(st.tuples(*[st.booleans()] * 5), min_size=1, max_size=60))
def test_no_condition_has_a_counterexample_and_its_numbers_are_those_of_the_cases(cases):
    rows, failing = [case[:4] for case in cases], [case[4] for case in cases]
    finding = find_condition(ATTRIBUTES, rows, failing)
    if finding is None or not finding.words:
        assert finding is None or finding.inside == (sum(failing), len(failing))
        return
    inside = [_holds(finding.words, row) for row in rows]
    first = [bool(finding.first) and _holds(finding.first, row) for row in rows]
    apart = [bad for bad, is_first in zip(failing, first, strict=True) if is_first]
    assert all(apart)
    assert len(apart) == finding.apart
    for side, (bad, every) in ((True, finding.inside), (False, finding.outside)):
        its = [f for f, i, one in zip(failing, inside, first, strict=True) if i is side and not one]
        assert (sum(its), len(its)) == (bad, every)
        assert every >= SUPPORT
    assert finding.kind == "part" or finding.outside[0] == 0
    assert finding.kind == "only" or finding.inside[0] == finding.inside[1]


def _holds(words, row):
    values = dict(zip(NAMES, row, strict=True))
    for joint, combine in ((" and ", all), (" or ", any)):
        if joint in words:
            return combine(_holds(part, row) for part in words.split(joint))
    return not values[words.removeprefix("not ")] if words.startswith("not ") else values[words]
