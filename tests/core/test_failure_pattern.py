"""A bug that raises is named by the cases in which it does, and only where no other would do the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.diagnosis import diagnose
from autograder.core.model import Case, Ending, Reply, StudentError
from autograder.core.observation import Observation

CASES = [Case("toy.layer", {"number": number}) for number in range(12)]


def right(case):
    return np.random.default_rng(case.settings["number"]).normal(size=5)


def code(*, raising=(), kind="IndexError", doubling=()):
    """Return the replies of code that raises in some cases, doubles in some, and is right in the others."""

    def answer(case):
        if case.settings["number"] in raising:
            return Reply(Ending.RAISED, error=StudentError(kind, "whatever it says"))
        factor = 2.0 if case.settings["number"] in doubling else 1.0
        return Reply(Ending.ANSWERED, {"out": factor * right(case)})

    return {case.key: answer(case) for case in CASES}


def named(student, mutants):
    seen = [
        Observation("T.out", case, "out", student[case.key], Reply(Ending.ANSWERED, {"out": right(case)}))
        for case in CASES
    ]
    return [one.mutant for one in diagnose(seen, mutants, {})]


KNOWN = {
    "wide": code(raising={1, 3, 5, 7}),
    "strided": code(raising={2, 4, 6, 8}),
    "values": code(raising={1, 3, 5, 7}, kind="ValueError"),
}


@pytest.mark.parametrize("bug", KNOWN)
def test_the_same_cases_and_the_same_kind_of_error_name_the_bug(bug):
    assert named(KNOWN[bug], KNOWN) == [bug]


def test_wrong_numbers_beside_the_errors_must_agree_too():
    known = {"both": code(raising={1, 3, 5}, doubling={2, 4}), **KNOWN}
    assert named(code(raising={1, 3, 5}, doubling={2, 4}), known) == ["both"]
    assert named(code(raising={1, 3, 5}, doubling={2, 6}), known) == []


@pytest.mark.parametrize(
    "student",
    [
        code(raising={1, 3, 5}),
        code(raising={1, 3, 5, 7, 9}),
        code(raising={1, 3, 5, 8}),
        code(raising={1, 3, 5, 7}, kind="TypeError"),
        code(raising=set(range(12))),
        code(raising={1, 3, 5, 7}, doubling={0}),
    ],
    ids=["fewer", "more", "others", "another kind", "everywhere", "something else too"],
)
def test_any_other_pattern_is_met_with_silence(student):
    assert named(student, KNOWN) == []


def test_two_bugs_that_one_case_alone_tells_apart_name_neither():
    near = {**KNOWN, "nearly wide": code(raising={1, 3, 5, 7, 9})}
    assert named(KNOWN["wide"], near) == []


@pytest.mark.parametrize("raising", [{1, 3}, set(range(10))], ids=["few that fail", "few that are right"])
def test_few_cases_are_no_pattern(raising):
    assert named(code(raising=raising), {"rare": code(raising=raising)}) == []


@given(st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_a_bug_that_fails_in_other_cases_is_never_named(raising, known):
    if raising != known:
        assert named(code(raising=raising), {"known": code(raising=known)}) == []
