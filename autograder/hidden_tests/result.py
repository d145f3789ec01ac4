"""A `unittest.TestResult` that loses nothing: subtests, skips, errors in set-up, partial credit."""

from __future__ import annotations

import unittest
from dataclasses import replace
from types import TracebackType
from typing import Any, TypeAlias

from autograder.core.errors import HarnessError, UnconfirmedFault, in_words
from autograder.core.model import Outcome, TestSpec, Verdict
from autograder.core.scoring import bounded, broken, provisional
from autograder.hidden_tests.case import NoAnswer

FOR_STAFF = "This test could not be run. The fault is ours and costs you nothing. For the staff: "
TO_BE_CHECKED = (
    "This test could not be run with your code, although the grader itself works. It has no points until the "
    "staff has looked. For the staff: "
)
ErrInfo: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]"


class Findings(unittest.TestResult):
    """What running one hidden test, or the set-up around it, brought to light.

    Attributes: failures_said   messages of failed assertions, each with its outcome, in order;
                fault           the exception that is no verdict about the student, if any;
                skip_reason     why the test was skipped, or None;
                was_run         whether the test method was reached.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[Outcome, str]] = []
        self.fault: BaseException | None = None
        self.skip_reason: str | None = None
        self.was_run = False

    def startTest(self, test: unittest.TestCase) -> None:
        """Note that the test was reached."""
        super().startTest(test)
        self.was_run = True

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        """Keep what a failed assertion says."""
        super().addFailure(test, err)
        self._say(err[1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        """Keep an exception of the test itself, of its set-up or of its class's set-up."""
        super().addError(test, err)
        self.fault = err[1]

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        """Keep what a failed subtest says; the library's runner would drop it."""
        super().addSubTest(test, subtest, err)
        if err is None:
            return
        if isinstance(err[1], test.failureException):
            self._say(err[1])
        else:
            self.fault = err[1]

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        """Keep the reason."""
        super().addSkip(test, reason)
        self.skip_reason = reason

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        """Treat a test that should have failed as a fault of the course."""
        super().addUnexpectedSuccess(test)
        self.fault = HarnessError("a test marked as an expected failure passed")

    def _say(self, error: BaseException) -> None:
        outcome = error.outcome if isinstance(error, NoAnswer) else Outcome.FAILED
        self.said.append((outcome, str(error)))


def verdict_of(found: Findings, spec: TestSpec, partial: float | None, seconds: float) -> Verdict:
    """Turn what was found into a verdict, with a score between 0 and the test's weight.

    Args: partial  the score that a test with @partial_credit set, or None.
    """
    if found.skip_reason is not None:
        message = f"The staff has switched this test off; it costs nothing. ({found.skip_reason})"
        return Verdict(spec, Outcome.SKIPPED, spec.max_score, message, seconds=seconds)
    if found.fault is not None or not found.was_run:
        return replace(blamed(spec, found.fault), seconds=seconds)
    outcomes = [outcome for outcome, _ in found.said]
    default = 0.0 if outcomes else spec.max_score
    score = default if partial is None else bounded(partial, spec.max_score)
    said = "\n".join(dict.fromkeys(message for _, message in found.said))
    if not outcomes and score < spec.max_score:
        return Verdict(spec, Outcome.FAILED, score, "Right in part.", seconds=seconds)
    worst = next((outcome for outcome in outcomes if outcome is not Outcome.FAILED), Outcome.FAILED)
    return Verdict(spec, worst if outcomes else Outcome.PASSED, score, said, seconds=seconds)


def blamed(spec: TestSpec, fault: BaseException | None) -> Verdict:
    """Return the verdict of a test that `fault` kept from running, or something that nobody knows."""
    if isinstance(fault, UnconfirmedFault):
        return provisional(spec, f"{TO_BE_CHECKED}{in_words(fault)}")
    return broken(spec, staff_message(fault))


def staff_message(fault: BaseException | None) -> str:
    """Return what stands at a test that we could not run, for the student and for the staff."""
    what = "the test was never reached" if fault is None else in_words(fault)
    return f"{FOR_STAFF}{what}."
