"""Whose fault is it that no worker can be started? It is tried again, and then the reference is tried.

A submission can bring such faults on: it may use up processes, memory or files. So a test that could not be
run has full points only where the reference cannot be run in the same place either, and only until it is
graded again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from autograder.core.errors import HarnessError, WallError
from autograder.core.model import Ending, Outcome, Report, Verdict
from autograder.core.scoring import unanswered
from autograder.workspace import workspace

if TYPE_CHECKING:
    from autograder.grading.code import CodeGrader

T = TypeVar("T")
PAUSES = (0.2, 1.0)  # seconds before it is tried once more
NO_WORKER = ("could not be started", "fork server")  # as the messages of such faults have it, and no others
MINE = (
    "No process could be started for your code, while one for the reference solution could: your code uses "
    "up its processes, memory or files. The staff can tell you more."
)
PROVISIONAL = (
    "Provisional: some tests could not be run because of a fault in the grader. They have full points "
    "until the staff grade this submission again."
)


def patiently(attempt: Callable[[], T], *, sleep: Callable[[float], object] = time.sleep) -> T:
    """Return what `attempt` returns; where it raises HarnessError, pause and try again, three times in all.

    Raises: WallError at once, HarnessError after the last try.
    """
    for pause in PAUSES:
        try:
            return attempt()
        except WallError:
            raise
        except HarnessError:
            sleep(pause)
    return attempt()


def reference_runs(grader: CodeGrader) -> bool:
    """Tell whether a fresh worker answers a test case with the reference, or starts where there is none."""
    course, part = grader.course, grader.part
    answers = course.solution(part) if course.has_solutions else {}
    cases = [case for one in part.components for case in grader.key.cases_of(one.name, 0).values()]
    try:
        with (
            workspace(course.given(part), answers) as folder,
            closing(grader.host.open(folder, allowed_imports=part.worker_imports)) as worker,
        ):
            if not answers or not cases:
                worker.shake_hands()
                return True
            reply = worker.ask(cases[0], seconds=part.limits.test_seconds)
            return reply.ending is Ending.ANSWERED
    except HarnessError:
        return False


def settle_faults(report: Report, grader: CodeGrader) -> Report:
    """Return `report` with its broken tests settled: the author's fault, or provisional with full points."""
    faults = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.BROKEN]
    if not faults:
        return report
    if any(_is_of_a_worker(verdict) for verdict in faults) and reference_runs(grader):
        report = replace(report, verdicts=_charged(report.verdicts))
    is_broken = any(verdict.outcome is Outcome.BROKEN for verdict in report.verdicts)
    return replace(report, remarks=(*report.remarks, PROVISIONAL)) if is_broken else report


def _charged(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    return tuple(
        unanswered(verdict.spec, MINE, outcome=Outcome.CRASHED) if _is_of_a_worker(verdict) else verdict
        for verdict in verdicts
    )


def _is_of_a_worker(verdict: Verdict) -> bool:
    """Tell whether a test is broken because a worker could not be had: so says its message for the staff."""
    return verdict.outcome is Outcome.BROKEN and any(said in verdict.message for said in NO_WORKER)
