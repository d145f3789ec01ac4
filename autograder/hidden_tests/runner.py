"""Run the hidden tests of a part: one verdict a test, whatever happens."""

from __future__ import annotations

import functools
import inspect
import time
import unittest
from collections.abc import Callable
from dataclasses import replace

from autograder.core.dropped import dropped
from autograder.core.errors import HarnessError
from autograder.core.manifest import Part
from autograder.core.model import Outcome, Verdict
from autograder.hidden_tests.collect import HiddenTest, collect, tests_of
from autograder.hidden_tests.examiner import Examiner
from autograder.hidden_tests.result import Findings, verdict_of

__all__ = ["Examiner", "collect", "run", "run_test"]


def run(
    part: Part,
    examiner: Examiner,
    on_verdict: Callable[[Verdict], None] = lambda verdict: None,
    *,
    component: str | None = None,
    with_dropped: bool = False,
) -> tuple[Verdict, ...]:
    """Run the hidden tests of `part` in the order of their numbers, and return one verdict each.

    Args: examiner    asks the student's worker and the answer key; holds the observations afterwards;
          on_verdict  called after every test;
          component   run the tests of this component only;
          with_dropped   run the tests that the staff has dropped, too.
    Raises: CourseError where the tests cannot be collected. A test that breaks is a verdict.
    """
    verdicts = []
    for test in tests_of(part):
        if component in (None, test.spec.component):
            is_run = with_dropped or not test.spec.dropped
            verdicts.append(run_test(test, examiner) if is_run else dropped(test.spec))
            on_verdict(verdicts[-1])
    return tuple(verdicts)


def run_test(test: HiddenTest, examiner: Examiner) -> Verdict:
    """Run one hidden test; a fault in it costs nothing, unless only this student's reply brings it on."""
    verdict, fault = _attempt(test, examiner)
    if fault is None or isinstance(fault, HarnessError):
        return verdict
    # A reply may be built so as to trip the test: a submission that alone trips it has not passed.
    _, fault = _attempt(test, examiner.as_reference())
    if fault is not None:
        return verdict
    message = "Your code's reply is not of the kind that this test can read: check its types and shapes."
    return replace(verdict, outcome=Outcome.FAILED, score=0.0, message=message)


def _attempt(test: HiddenTest, examiner: Examiner) -> tuple[Verdict, BaseException | None]:
    """Run one hidden test once; return its verdict, and the exception that broke it, if any."""
    case = test.cls(test.method)
    case.examiner = examiner
    scores: list[float] = []
    if test.sets_its_score:  # with a `set_score` of its own: the library's outlives the run
        function = inspect.unwrap(getattr(test.cls, test.method))
        setattr(case, test.method, functools.partial(function, case, set_score=scores.append))
    found = Findings()
    started = time.perf_counter()
    unittest.TestSuite([case]).run(found)  # a suite of one runs the class's set-up and tear-down too
    seconds = time.perf_counter() - started
    partial = scores[-1] * test.spec.max_score / test.weight if scores and test.weight else None
    return verdict_of(found, test.spec, partial, seconds), found.fault
