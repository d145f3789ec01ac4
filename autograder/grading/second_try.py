"""Whose fault is it that a case cannot be run? It is tried again, and then the reference is.

A submission can bring such faults on: it may use up processes, memory or files. So a fault is ours, and costs
nothing, only where the reference cannot be asked the same case in the same place either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from autograder.core.errors import HarnessError, UnconfirmedFault, WallError
from autograder.core.model import Case, Ending, Outcome, Report
from autograder.workspace import workspace

if TYPE_CHECKING:
    from autograder.grading.code import CodeGrader

T = TypeVar("T")
PAUSES = (0.2, 1.0)  # seconds before it is tried once more
REMARKS = {
    Outcome.BROKEN: (
        "Some tests could not be run through a fault of the grader. They have full points until the staff "
        "grades this submission again."
    ),
    Outcome.PROVISIONAL: (
        "Provisional: some tests could not be run with your code, although the grader works. They have no "
        "points until the staff has looked."
    ),
}


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


def settled(fault: HarnessError, reference_runs: Callable[[], bool]) -> HarnessError:
    """Return `fault` where the reference meets one, too, else the same as an UnconfirmedFault."""
    if isinstance(fault, UnconfirmedFault) or not reference_runs():
        return fault
    return UnconfirmedFault(
        f"{fault} So it was in {len(PAUSES) + 1} tries; then the reference was run without one."
    )


def reference_runs(grader: CodeGrader, case: Case | None = None) -> bool:
    """Tell whether a fresh worker answers `case`, by default the part's first one, with the reference.

    Where there are no solutions it has the given code, and may raise; what counts is that it can be asked.
    """
    course, part = grader.course, grader.part
    answers = course.solution(part) if course.has_solutions else {}
    try:
        case = case or _first_case(grader)
        with (
            workspace(course.given(part), answers) as folder,
            closing(grader.host.open(folder, allowed_imports=part.worker_imports)) as worker,
        ):
            if case is None:
                worker.shake_hands()
                return True
            reply = worker.ask(case, seconds=part.limits.test_seconds)
            return reply.ending in (Ending.ANSWERED, Ending.RAISED)
    except WallError:
        raise
    except HarnessError:
        return False


def with_remarks(report: Report) -> Report:
    """Return `report` with a remark where tests could not be run."""
    outcomes = {verdict.outcome for verdict in report.verdicts}
    said = [remark for outcome, remark in REMARKS.items() if outcome in outcomes]
    return replace(report, remarks=(*report.remarks, *said)) if said else report


def _first_case(grader: CodeGrader) -> Case | None:
    cases = (case for one in grader.part.components for case in grader.key.cases_of(one.name, 0).values())
    return next(cases, None)
