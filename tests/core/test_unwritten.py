"""What nobody has written yet is told from what is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.core.diagnosis import diagnose
from autograder.core.model import Case, Ending, Outcome, Reply, StudentError, TestSpec, Verdict
from autograder.core.observation import Observation
from autograder.core.unwritten import NONE, unwritten, with_unwritten

RNG = np.random.default_rng(1)
RIGHT = RNG.normal(size=(2, 6))
CASES = [Case("toy.layer", {"number": number}, {"weight_0": RIGHT}) for number in range(3)]
GAP = StudentError(
    "NotImplementedError", "toy-forward", "toy.py", 3, 'raise NotImplementedError("toy-forward")'
)


def seen(case, key, student, *, derived=(), expected=RIGHT):
    return Observation(
        f"T.{key}", case, key, student, Reply(Ending.ANSWERED, {key: expected}), derived=derived
    )


def raised(error):
    return Reply(Ending.RAISED, error=error)


def none(*keys, **arrays):
    return Reply(Ending.ANSWERED, arrays, problems=dict.fromkeys(keys, NONE))


def verdict(test, outcome=Outcome.FAILED):
    spec = TestSpec(test, test, "1.1", "toy", "", 1.0, "", ("toy",))
    return Verdict(spec, outcome, 0.0, "out is None instead of an array.")


def test_a_gap_that_raises_is_not_written():
    found = [seen(case, "out", raised(GAP)) for case in CASES]
    assert unwritten(found) == {0, 1, 2}


@pytest.mark.parametrize(
    "error",
    [
        StudentError("NotImplementedError", "addmm not implemented for Long", "toy.py", 3, "return x @ w"),
        StudentError("TypeError", "'NoneType' object is not subscriptable", "toy.py", 3, "x = self.cache[0]"),
        StudentError("ValueError", "no", "toy.py", 3, "raise ValueError('no')"),
    ],
    ids=["of a library", "its own None", "any other"],
)
def test_other_exceptions_are_no_gap(error):
    assert unwritten([seen(case, "out", raised(error)) for case in CASES]) == frozenset()


def test_a_method_that_returns_none_where_two_things_are_unpacked_is_not_written():
    error = StudentError("TypeError", "cannot unpack non-iterable NoneType object")
    assert unwritten([seen(case, "out", raised(error)) for case in CASES]) == {0, 1, 2}


def test_none_in_every_case_is_not_written_and_none_in_some_is_wrong():
    assert unwritten([seen(case, "dx", none("dx")) for case in CASES]) == {0, 1, 2}
    some = [seen(CASES[0], "dx", none("dx")), seen(CASES[1], "dx", Reply(Ending.ANSWERED, {"dx": RIGHT}))]
    assert unwritten(some) == frozenset()


def test_a_gradient_that_torch_computes_is_missing_only_where_the_loss_is():
    cut = [seen(case, "dinput", none("dinput", loss=RIGHT), derived=("dinput",)) for case in CASES]
    assert unwritten(cut) == frozenset()
    missing = [seen(case, "dinput", none("dinput", "loss"), derived=("dinput",)) for case in CASES]
    assert unwritten(missing) == {0, 1, 2}


def test_an_update_that_moves_nothing_is_not_written():
    still = [
        seen(case, "weight_0_1", Reply(Ending.ANSWERED, {"weight_0_1": RIGHT}), expected=RIGHT + 1)
        for case in CASES
    ]
    assert unwritten(still) == {0, 1, 2}
    moved = Reply(Ending.ANSWERED, {"weight_0_1": RIGHT + 2})
    assert unwritten([*still[1:], replace(still[0], student=moved)]) == frozenset()


def test_calls_that_nobody_made_are_not_written():
    order = np.arange(3)
    reply = none("dout_2", backward_order=np.zeros(0, dtype=np.int64))
    expected = Reply(Ending.ANSWERED, {"backward_order": order, "dout_2": RIGHT})
    found = [
        Observation("T.a", CASES[0], "backward_order", reply, expected),
        Observation("T.b", CASES[0], "dout_2", reply, expected, derived=("dout",)),
    ]
    assert unwritten(found) == {0, 1}
    skipped = replace(reply, arrays={"backward_order": np.arange(2)})
    assert unwritten([replace(one, student=skipped) for one in found]) == frozenset()


def test_the_verdict_of_a_gap_has_a_word_of_its_own():
    found = [seen(case, "dx", none("dx")) for case in CASES]
    (changed,) = with_unwritten([verdict("T.dx")], found)
    assert changed.outcome is Outcome.NOT_WRITTEN
    assert changed.message.startswith("Nothing is written here yet")


def test_a_verdict_with_something_wrong_beside_the_gap_stays():
    wrong = Reply(Ending.ANSWERED, {"dw": RIGHT + 1}, problems={"dx": NONE})
    found = [replace(seen(CASES[0], key, wrong), test="T.both") for key in ("dx", "dw")]
    (unchanged,) = with_unwritten([verdict("T.both")], found)
    assert unchanged.outcome is Outcome.FAILED


def test_passed_tests_are_left_alone():
    found = [seen(case, "dx", none("dx")) for case in CASES]
    (unchanged,) = with_unwritten([verdict("T.dx", Outcome.PASSED)], found)
    assert unchanged.outcome is Outcome.PASSED


def bug(case, **arrays):
    return {case.key: Reply(Ending.ANSWERED, arrays)}


def test_no_bug_is_named_where_something_is_missing_and_something_else_unexplained():
    student = none("dx", out=RIGHT * 2, db=RIGHT + 5)
    right = {"out": RIGHT, "dx": RIGHT, "db": RIGHT}
    expected = Reply(Ending.ANSWERED, right)
    found = [Observation(f"T.{key}", CASES[0], key, student, expected) for key in ("out", "dx", "db")]
    mutants = {"doubles": bug(CASES[0], **{**right, "out": RIGHT * 2})}
    assert diagnose(found, mutants, {}) == ()
    corrected = replace(student, arrays={"out": RIGHT * 2, "db": RIGHT})
    explained = diagnose([replace(one, student=corrected) for one in found], mutants, {})
    assert [one.mutant for one in explained] == ["doubles"]
