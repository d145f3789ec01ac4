"""One verdict a test, whatever happens: no subtest, skip, set-up error or NaN is lost."""

from __future__ import annotations

import math
import unittest
from dataclasses import replace

import numpy as np
import pytest
from gradescope_utils.autograder_utils.decorators import number, partial_credit, tags, weight

from autograder.core.errors import HarnessError
from autograder.core.model import Case, Ending, Outcome, Reply, StudentError
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.collect import HiddenTest, _spec
from autograder.hidden_tests.examiner import Examiner
from autograder.hidden_tests.runner import run_test

CASE = Case("convnet.relu", {"repeats": 1}, {"x": np.arange(6.0).reshape(2, 3)})
RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]])


def answered(array=RIGHT, **more):
    return Reply(Ending.ANSWERED, arrays={"out": array}, **more)


def hidden(method):
    """Wrap one function as a hidden test worth 4 points."""
    for decorator in (number("1.1"), tags("relu", "forward")):
        method = decorator(method)
    if not hasattr(method, "__weight__"):
        method = weight(4)(method)
    cls = type("TestSample", (HiddenTestCase,), {"component": "relu", "test_it": method})
    return HiddenTest(cls, "test_it", _spec(cls, "test_it"))


def compares(self):
    """ReLU.forward: out."""
    self.assert_replies_match(CASE, keys=["out"])


def verdict(method, student=None, expected=None):
    test = method if isinstance(method, HiddenTest) else hidden(method)
    return run_test(test, Examiner(lambda case: student or answered(), lambda case: expected or answered()))


def test_a_right_reply_passes_with_full_points_and_no_message():
    found = verdict(compares)
    assert (found.outcome, found.score, found.message) == (Outcome.PASSED, 4.0, "")
    assert found.spec.name == "ReLU.forward: out."


def test_a_wrong_reply_fails_with_what_differs_and_what_was_asked():
    found = verdict(compares, answered(2 * RIGHT))
    assert (found.outcome, found.score) == (Outcome.FAILED, 0.0)
    assert found.message == (
        "out is wrong in all of its entries: right except for a constant factor.\nCalled with x of shape "
        "(2, 3), after 1 earlier round."
    )


@pytest.mark.parametrize(
    ("reply", "outcome", "says"),
    [
        (
            Reply(
                Ending.RAISED, error=StudentError("NotImplementedError", "relu-forward", "modules/relu.py", 9)
            ),
            Outcome.RAISED,
            "relu-forward is not written yet (modules/relu.py, line 9).",
        ),
        (
            Reply(Ending.RAISED, error=StudentError("ValueError", "no", "modules/relu.py", 9, "x @ y")),
            Outcome.RAISED,
            'Your code raised ValueError: "no"\n  modules/relu.py, line 9:  `x @ y`',
        ),
        (Reply(Ending.TIMED_OUT, reason="10 s"), Outcome.TIMED_OUT, "not answered in time (10 s)"),
        (Reply(Ending.CRASHED, reason="signal 11"), Outcome.CRASHED, "ended before it answered (signal 11)"),
        (
            Reply(Ending.OVER_LIMIT, reason="memory, 1024 MiB"),
            Outcome.CRASHED,
            "more than it may use (memory",
        ),
        (Reply(Ending.ANSWERED), Outcome.FAILED, "There is no out"),
        (
            Reply(Ending.ANSWERED, problems={"out": "None instead of an array"}),
            Outcome.FAILED,
            "out is None instead",
        ),
    ],
    ids=["gap", "raised", "timed-out", "crashed", "over-limit", "missing", "none"],
)
def test_no_answer_is_no_point_and_its_own_message(reply, outcome, says):
    found = verdict(compares, reply)
    assert (found.outcome, found.score) == (outcome, 0.0)
    assert says in found.message


def test_a_right_array_counts_though_student_code_raised_later():
    reply = Reply(Ending.RAISED, arrays={"out": RIGHT}, error=StudentError("ValueError", "in backward"))
    assert verdict(compares, reply).outcome is Outcome.PASSED


def test_every_failing_subtest_is_told():
    def method(self):
        """Two subtests fail, one passes."""
        for name in ("first", "second", "third"):
            with self.subTest(name):
                self.assertNotIn(name, ("first", "third"), msg=f"{name} is wrong")

    found = verdict(method)
    assert (found.outcome, found.score, found.message) == (
        Outcome.FAILED,
        0.0,
        "first is wrong\nthird is wrong",
    )


def test_a_skipped_test_keeps_its_points_and_its_reason():
    def method(self):
        """Skips."""
        self.skipTest("not this term")

    found = verdict(method)
    assert (found.outcome, found.score) == (Outcome.SKIPPED, 4.0)
    assert "not this term" in found.message


@pytest.mark.parametrize("where", ["setUpClass", "setUp", "tearDown", "tearDownClass", "test_it"])
def test_a_broken_hidden_test_costs_nothing_and_tells_the_staff(where):
    test = hidden(compares)

    def breaks(self):
        """Break."""
        raise ZeroDivisionError("ours")

    setattr(test.cls, where, classmethod(breaks) if where.endswith("Class") else breaks)
    found = verdict(test)
    assert (found.outcome, found.score) == (Outcome.BROKEN, 4.0)
    assert "For the staff: ZeroDivisionError: ours at test_runner.py, line" in found.message


def test_a_fault_of_the_harness_costs_nothing():
    def ask(case):
        raise HarnessError("the fork server is gone")

    found = run_test(hidden(compares), Examiner(ask, lambda case: answered()))
    assert (found.outcome, found.score) == (Outcome.BROKEN, 4.0)


def test_a_reference_without_an_answer_is_our_fault():
    found = verdict(compares, answered(), Reply(Ending.RAISED))
    assert (found.outcome, found.score) == (Outcome.BROKEN, 4.0)
    assert "the reference gave no 'out' to convnet.relu" in found.message


def trips(self):
    """Reads the reply without care."""
    assert self.examiner.ask(CASE).arrays["out"][1, 2] == 7.0


def test_a_reply_that_trips_a_sound_test_does_not_pass_it():
    found = verdict(trips, answered(np.zeros(3)))
    assert (found.outcome, found.score) == (Outcome.FAILED, 0.0)
    assert "not of the kind that this test can read" in found.message


def test_a_view_that_fails_on_a_student_s_reply_is_a_failure_not_a_gift():
    def method(self):
        """Views the reply."""
        self.assert_replies_match(CASE, keys=["out"], views={"out": lambda case, a: a[: int(a[0, 0])]})

    assert verdict(method, answered(RIGHT * np.nan)).outcome is Outcome.FAILED
    assert verdict(method, answered(RIGHT + 1e-9)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("given", "earned", "outcome"),
    [
        (2.5, 2.5, Outcome.FAILED),
        (4, 4.0, Outcome.PASSED),
        (99, 4.0, Outcome.PASSED),
        (-1, 0.0, Outcome.FAILED),
        (math.nan, 0.0, Outcome.FAILED),
        (math.inf, 4.0, Outcome.PASSED),
    ],
)
def test_partial_credit_stays_between_zero_and_the_weight(given, earned, outcome):
    @partial_credit(4)
    def method(self, set_score=None):
        """Partial."""
        set_score(given)

    found = verdict(method)
    assert (found.score, found.outcome) == (earned, outcome)


def test_partial_credit_is_kept_when_the_test_then_fails_and_never_outlives_the_run():
    @partial_credit(4)
    def method(self, set_score=None):
        """Partial, then fails."""
        if self.answer(CASE, "out")[0, 0] == 1.0:
            set_score(3)
        self.fail("the rest is wrong")

    test = hidden(method)
    assert (verdict(test).score, verdict(test).outcome) == (3.0, Outcome.FAILED)
    assert verdict(test, answered(2 * RIGHT)).score == 0.0


def test_partial_credit_is_a_share_of_the_points_that_the_manifest_gives():
    @partial_credit(4)
    def method(self, set_score=None):
        """Partial."""
        set_score(3)

    test = hidden(method)
    worth_two = replace(test, spec=replace(test.spec, max_score=2.0))
    assert verdict(worth_two).score == 1.5


def test_a_case_is_asked_once():
    asked = []

    def ask(case):
        asked.append(case)
        return answered()

    examiner = Examiner(ask, lambda case: answered())
    for _ in range(3):
        run_test(hidden(compares), examiner)
    assert len(asked) == 1


def test_a_worker_that_died_is_not_asked_the_rest_of_the_test():
    asked = []

    def ask(case):
        asked.append(case)
        return Reply(Ending.TIMED_OUT, reason="10 s")

    def method(self):
        """Three cases."""
        self.assert_replies_match(*(Case("convnet.relu", {"repeats": i}) for i in range(3)), keys=["out"])

    found = run_test(hidden(method), Examiner(ask, lambda case: answered()))
    assert (len(asked), found.outcome) == (1, Outcome.TIMED_OUT)


def test_expected_failures_are_no_way_to_lose_a_test():
    @unittest.expectedFailure
    def method(self):
        """Passes, though it is marked."""

    assert verdict(method).outcome is Outcome.BROKEN
