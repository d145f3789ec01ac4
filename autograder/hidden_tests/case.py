"""HiddenTestCase: a `unittest.TestCase` that asks a student's worker and compares with the answer key.

    class TestReLU(HiddenTestCase):
        component = "relu"

        @weight(2)
        @number("3.1")
        @tags("relu", "forward")
        def test_forward(self):
            \"""ReLU.forward: negative entries become 0, positive ones stay.\"""
            self.assert_replies_match(Case("convnet.relu", {}, {"x": x}), keys=["out"])

The docstring is what the student reads. What a failing assertion says is shown to the student too, so a test
that uses plain `unittest` assertions gives its own `msg` and none of its numbers (`longMessage` is off).
"""

from __future__ import annotations

import unittest
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from autograder.core.compare import TOLERANCE, difference
from autograder.core.errors import HarnessError
from autograder.core.model import Array, Case, Ending, Outcome, Reply
from autograder.core.observation import CLEAR, Observation, View
from autograder.hidden_tests.examiner import Examiner
from autograder.hidden_tests.messages import describe_case, explain, join_findings, readable


class NoAnswer(AssertionError):
    """The student's code gave no answer to compare: it raised, was stopped or died."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


OUTCOMES = {
    Ending.ANSWERED: Outcome.FAILED,
    Ending.RAISED: Outcome.RAISED,
    Ending.TIMED_OUT: Outcome.TIMED_OUT,
    Ending.CRASHED: Outcome.CRASHED,
    Ending.OVER_LIMIT: Outcome.CRASHED,
}


class HiddenTestCase(unittest.TestCase):
    """Base of all hidden tests.

    Attributes: component  the component of the manifest whose points they carry;
                axes       key → what the student calls the first axes of that array, such as
                           ("image", "channel"); it holds for `<key>_after`, too;
                derived    families of keys that the probe makes itself of what the student's code gives.
    """

    component: ClassVar[str] = ""
    axes: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    derived: ClassVar[tuple[str, ...]] = ()
    longMessage = False
    examiner: Examiner  # set by the runner before each test

    @property
    def test_id(self) -> str:
        """Return `Class.method`, unique within a part."""
        return f"{type(self).__name__}.{self._testMethodName}"

    def assert_replies_match(
        self,
        *cases: Case,
        keys: Sequence[str],
        views: Mapping[str, View] | None = None,
        tolerance: float = TOLERANCE,
        clear: float = CLEAR,
        exact_shape: bool = False,
    ) -> None:
        """Fail unless the student's arrays equal the reference's under all `keys` of all `cases`.

        Args: keys         names that the probe yields;
              views        key → function (case, array) → array, which reduces an array to what is not free;
              tolerance    relative to the largest entry of the expected array;
              clear        how many tolerances tell a known bug from rounding;
              exact_shape  whether right numbers in another shape are wrong, such as a db of shape (1, F). One
                           test of each output asks for it, so that a wrong shape costs that test alone.
        Raises: AssertionError (NoAnswer where there is nothing to compare) with what the student should read;
                HarnessError where the reference itself gave no answer.
        """
        findings: list[AssertionError] = []
        for case in map(self.examiner.drawn, cases):
            reply = self.examiner.ask(case)
            settings = {"tolerance": tolerance, "clear": clear, "exact_shape": exact_shape}
            findings += self._compare(case, reply, keys, views or {}, settings)
            if reply.ending in (Ending.TIMED_OUT, Ending.CRASHED):
                break  # the same again, at the same price
        self._fail_with(findings)

    def _compare(
        self,
        case: Case,
        reply: Reply,
        keys: Sequence[str],
        views: Mapping[str, View],
        settings: Mapping[str, Any],
    ) -> list[AssertionError]:
        """Observe every key of one case, and return what is wrong with it, as at most one error."""
        expected = self.examiner.expected(case)
        wrong: list[tuple[str, str]] = []
        cut_off, outcome = "", Outcome.FAILED
        for key in keys:
            if key not in expected.arrays:
                raise HarnessError(f"{self.test_id}: the reference gave no {key!r} to {case.probe}.")
            view = views.get(key)
            seen = Observation(
                self.test_id, case, key, reply, expected, view=view, derived=self.derived, **settings
            )
            self.examiner.observe(seen)
            if key not in reply.arrays and key not in reply.problems:
                cut_off, outcome = explain(reply, key), OUTCOMES[reply.ending]
                break
            if said := _wrong(seen, self.axes.get(key.removesuffix("_after"), ())):
                wrong.append((key, said))
        if not wrong and not cut_off:
            return []
        message = "\n".join(
            filter(None, [join_findings(wrong), cut_off, f"Called with {describe_case(case)}."])
        )
        return [AssertionError(message) if outcome is Outcome.FAILED else NoAnswer(outcome, message)]

    def _fail_with(self, findings: Sequence[AssertionError]) -> None:
        if not findings:
            return
        for finding in findings:
            if isinstance(finding, NoAnswer):
                raise finding
        more = len(findings) - 1
        raise AssertionError(
            f"{findings[0]}" + (f"\n(and {more} more case{'s' * (more > 1)} of this test)" if more else "")
        )

    def answer(self, case: Case, key: str, *, view: View | None = None) -> Array:
        """Return the student's array under `key`, for tests with assertions of their own; any shape will do.

        Args:   view  what the diagnosis sees of it, where that is not the whole array.
        Raises: AssertionError or NoAnswer, with what the student should read, where there is no such array.
        """
        case = self.examiner.drawn(case)
        reply = self.examiner.ask(case)
        expected = self.examiner.expected(case)
        seen = Observation(
            self.test_id, case, key, reply, expected, view=view, derived=self.derived, exact_shape=False
        )
        self.examiner.observe(seen)
        if key in reply.arrays:
            return seen.array_in(reply)
        if key in reply.problems:
            raise AssertionError(f"{readable(key)} is {reply.problems[key]}.")
        message = explain(reply, key)
        outcome = OUTCOMES[reply.ending]
        raise AssertionError(message) if outcome is Outcome.FAILED else NoAnswer(outcome, message)


def _wrong(seen: Observation, axes: Sequence[str]) -> str:
    """Return what is wrong with the student's array or problem, or nothing."""
    if seen.key in seen.student.problems:
        return f"is {seen.student.problems[seen.key]}"
    theirs, right = seen.seen_in(seen.student), seen.seen_in(seen.expected)
    if isinstance(right, str):
        raise HarnessError(f"{seen.test}: the view of {seen.key!r} fails on the reference's own reply.")
    if isinstance(theirs, str):
        return "holds numbers that cannot be compared"
    if seen.key.endswith("_order") and theirs.size != right.size:
        return f"holds {theirs.size} calls, expected {right.size}"
    whole, wanted = seen.student.arrays[seen.key], seen.expected.arrays[seen.key]
    if theirs is whole and whole.shape != wanted.shape:  # no view could be taken: speak of the arrays
        theirs, right = whole, wanted
    found = difference(right, theirs, tolerance=seen.tolerance, axes=axes)
    return found.describe() if found else ""
