"""One run inside Gradescope: what is in its folder is graded, and results.json is valid at every moment.

<root>/submission/                  the student's files
<root>/submission_metadata.json     when it came, and what came before
<root>/results/results.json         ours to write
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

from autograder.cohort.granting import read_grants
from autograder.cohort.people_files import GRANTS
from autograder.core.allowance import NOTHING
from autograder.core.cohort import Student
from autograder.core.dropped import with_dropped
from autograder.core.errors import AutograderError, CourseError, HarnessError, WallError
from autograder.core.late import judged, lateness
from autograder.core.manifest import Part
from autograder.core.model import Report, TestSpec, Verdict
from autograder.core.rate_limit import Turn, refusal, take_turn
from autograder.core.scoring import bounded, broken, provisional, unanswered
from autograder.core.whose import with_identity
from autograder.course import Course
from autograder.gradescope.metadata import GRADED_AT, Metadata, read_metadata
from autograder.grading.grader import NOT_REACHED, Grader, Judge, blank_report
from autograder.render.results_file import ResultsFile

CARRIED = "Not run: these are the points of your last graded submission."
OURS = "The grader stopped here. This is not your fault and costs you nothing; the staff can see why."
DOUBTFUL = (
    "Provisional: the grader stopped at this submission, and works without it. What was not run has no "
    "points until the staff has looked."
)
NOBODY_KNOWN = (
    "Gradescope does not say whose submission this is, so no individual grants are applied. Ask the staff "
    "if you have an extension or another grant."
)
UNKNOWN = "The grader stopped before it had run every test. Ask the staff to look at this and to grade again."


def run(
    root: Path, course: Course, part: Part, open_grader: Callable[[], AbstractContextManager[Grader]]
) -> Report:
    """Grade `part` of the submission below `root`, write the results, and return what they say.

    `open_grader` is called only where the submission is graded at all: a rate limit may forbid it.
    Raises what stopped the grader; where that was after the submission had been looked at, the results on
    disk say so.
    """
    metadata = read_metadata(root / "submission_metadata.json")
    limit = course.manifest.rate_limit
    turn = Turn(())
    if limit and metadata.created_at:
        turn = take_turn(limit, metadata.created_at, metadata.graded_at)
    with ResultsFile(root / "results" / "results.json", course.manifest.feedback) as file:
        log = _Log(file, metadata, turn, counts=limit is not None)
        if limit and turn.opens_at:
            log.note(_carried_over(course, part, metadata, refusal(limit, turn.opens_at)))
        else:
            path = submitted(root / "submission")
            with open_grader() as grader:
                _grade(path, grader, log, _judge(course, part, metadata), metadata.students)
        return log.latest()


def submitted(folder: Path) -> Path:
    """Return `folder`; raise HarnessError if there is none. Zips in it are the intake's affair."""
    if not folder.is_dir():
        raise HarnessError(
            f"{folder}: expected the submission in this folder, found none; run it in Gradescope."
        )
    return folder


class _Log:
    """Keep the latest report, with what a rate limit must know next time, and have it written."""

    def __init__(self, file: ResultsFile, metadata: Metadata, turn: Turn, *, counts: bool) -> None:
        self._file, self._metadata, self._turn, self._counts = file, metadata, turn, counts
        self._latest: Report | None = None

    @property
    def has_begun(self) -> bool:
        """Tell whether anything was noted."""
        return self._latest is not None

    def note(self, report: Report) -> None:
        """Let `report` be what results.json says."""
        self._latest = replace(report, facts={**report.facts, **self._memory(report)})
        self._file.note(self._latest)

    def latest(self) -> Report:
        """Return what was noted last; raise HarnessError if nothing was."""
        if self._latest is None:
            raise HarnessError("The grader ended without a report; expected one per submission.")
        return self._latest

    def _memory(self, report: Report) -> dict[str, list[str]]:
        """Return the times that a rate limit counts; only what could not be read does not count."""
        if not self._counts:
            return {}
        times = list(self._turn.counted)
        if self._metadata.created_at and not report.problem:
            times.append(self._metadata.created_at)
        return {GRADED_AT: [time.isoformat() for time in times]}


def _grade(path: Path, grader: Grader, log: _Log, judge: Judge, students: Sequence[Student]) -> None:
    """Grade with the code that every other command uses; where it stops half way, say so in the results."""
    try:
        grader.grade(path, watch=lambda report: log.note(judge(with_identity(report, students))))
    except (AutograderError, OSError) as error:
        if log.has_begun:
            log.note(_spared(log.latest()) if _is_ours(error, grader) else _doubtful(log.latest()))
        raise
    except Exception:
        if log.has_begun:  # a submission may have been made to bring this on: what is missing stays missing
            log.note(replace(log.latest(), remarks=(*log.latest().remarks, UNKNOWN)))
        raise


def _is_ours(error: Exception, grader: Grader) -> bool:
    """Tell whether a fault costs nothing: the course's, or one that the reference meets as well."""
    return isinstance(error, (CourseError, WallError)) or not grader.reference_runs()


def _judge(course: Course, part: Part, metadata: Metadata) -> Judge:
    """Return what adds to a report the grants that the bundle brought along, and what lateness takes."""
    policy, grants = course.manifest.late, course.root / GRANTS
    due = (policy.deadline(part.name) if policy else None) or metadata.due_at
    late = lateness(metadata.created_at, due, is_flagged=False)
    if not grants.is_file():
        return partial(judged, allowance=NOTHING, late=late, policy=policy)
    if not metadata.students:
        return lambda report: replace(
            judged(report, NOTHING, late, policy), remarks=(*report.remarks, NOBODY_KNOWN)
        )
    allowance = read_grants([grants], (), course, part).to(metadata.students)
    return partial(judged, allowance=allowance, late=late, policy=policy)


def _spared(report: Report) -> Report:
    """Return `report` with full points for every test that the grader has not come to."""
    return _with_the_rest(report, partial(broken, message=OURS), OURS)


def _doubtful(report: Report) -> Report:
    """Return `report` without points, for now, for every test that the grader has not come to."""
    return _with_the_rest(report, partial(provisional, message=DOUBTFUL), DOUBTFUL)


def _with_the_rest(report: Report, verdict_of: Callable[[TestSpec], Verdict], remark: str) -> Report:
    verdicts = (
        verdict_of(verdict.spec) if verdict.message == NOT_REACHED else verdict for verdict in report.verdicts
    )
    return replace(report, verdicts=tuple(verdicts), remarks=(*report.remarks, remark))


def _carried_over(course: Course, part: Part, metadata: Metadata, problem: str) -> Report:
    """Return a report that grades nothing and keeps the points of the last graded submission."""

    def carried(verdict: Verdict) -> Verdict:
        score, most = metadata.scores.get(verdict.spec.number, (0.0, 0.0))
        kept = bounded(score, verdict.spec.max_score) if most == verdict.spec.max_score else 0.0
        return replace(unanswered(verdict.spec, CARRIED), score=kept)

    report = blank_report("submission", part=part, course=course)
    report = replace(report, verdicts=tuple(map(carried, report.verdicts)), problem=problem)
    return with_dropped(report)
