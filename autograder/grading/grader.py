"""A grader: submissions of one part go in, reports come out, in memory or as files in a folder."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder import __version__
from autograder.core.dropped import require_known, with_dropped
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Feedback, Part
from autograder.core.model import Report, Verdict
from autograder.core.scoring import unanswered
from autograder.course import Course
from autograder.grading.folders import INDEX, plain_name
from autograder.grading.kind import Setting, kind_of
from autograder.grading.stages import Stages
from autograder.intake.submission import Submission
from autograder.render.html import Line, index_page
from autograder.render.results_file import ResultsFile, write_whole
from autograder.render.student_view import pages, staffs_page

Watch = Callable[[Report], object]
Judge = Callable[[Report], Report]
NOT_REACHED = "The grader has not reached this test."
UNREADABLE = "Not run, because the submission cannot be read; see above."


def _unwatched(report: Report) -> None:
    """Show nobody."""


def _as_found(report: Report) -> Report:
    """Return `report`: nothing is granted, and nothing is late."""
    return report


@dataclass(frozen=True)
class Grader(ABC):
    """Grade submissions of one part, one after another; `open_grader` makes the one that its kind needs."""

    course: Course
    part: Part
    stages: Stages = field(default_factory=Stages, kw_only=True, compare=False, repr=False)

    @property
    def kept(self) -> str:
        """Say what was computed beforehand, and is kept for the next time; "" if nothing is."""
        return ""

    def grade(self, path: Path, *, watch: Watch = _unwatched) -> Report:
        """Grade the zip, folder or file at `path`.

        `watch` is called with a report of zeros at once, then after every test, and last with what is
        returned: a reader of what it writes finds all tests at any moment, and the same sum of points.
        Raises CourseError if the course contradicts itself, and WallError if student code must not run
        here; an unreadable submission is a report too.
        """
        reading = kind_of(self.part).reading
        return self.grade_read(
            plain_name(path),
            lambda: self.stages.run(reading, Submission, path=path, part=self.part, course=self.course),
            watch=watch,
        )

    def grade_read(self, name: str, read: Callable[[], Submission], *, watch: Watch = _unwatched) -> Report:
        """Grade what `read` returns, or report why it raises SubmissionError; all else as in `grade`."""
        started = time.monotonic()
        report = blank_report(name, part=self.part, course=self.course)

        def show(report: Report) -> Report:
            report = with_dropped(report)
            watch(report)
            return report

        show(report)
        try:
            submission = read()
        except SubmissionError as error:
            report = unreadable(report, str(error))
        else:
            report = self.examine(report, submission, show)
        return show(replace(report, seconds=time.monotonic() - started))

    def grade_into(self, path: Path, folder: Path, *, judge: Judge = _as_found) -> Report:
        """Grade the submission at `path`; write results.json and its pages to `folder`.

        `judge` adds to a report what the staff grants and what lateness takes.
        Raises what `grade` raises, and OutputError if the folder cannot be written.
        """
        feedback = self.course.manifest.feedback
        with ResultsFile(folder / "results.json", feedback) as file:
            report = judge(self.grade(path, watch=lambda report: file.note(judge(report))))
        for name, text in pages(report, self.part, feedback).items():
            write_whole(folder / name, text)
        return report

    def reference_runs(self) -> bool:
        """Tell whether the reference can be graded here and now; what only reads can always do that."""
        return True

    @abstractmethod
    def examine(self, report: Report, submission: Submission, watch: Watch) -> Report:
        """Return the blank `report` filled with what is found out about `submission`."""


def open_grader(course: Course, part: Part, setting: Setting | None = None) -> AbstractContextManager[Grader]:
    """Return the grader of `part`, to be entered: what its kind needs is started then, and ended after."""
    return kind_of(part).open(course, part, setting or Setting())


def blank_report(name: str, *, part: Part, course: Course) -> Report:
    """Return the report of a submission that nobody has looked at: every test in its place, with 0 points.

    Raises CourseError if the manifest drops a test that is not there.
    """
    specs = kind_of(part).specs(part, course)
    require_known(part, specs)
    return with_dropped(
        Report(
            name=name,
            part=part.name,
            title=part.title,
            verdicts=tuple(unanswered(spec, NOT_REACHED) for spec in specs),
            facts=facts_of(course, part),
        )
    )


def facts_of(course: Course, part: Part, *, digest: str = "") -> dict[str, Any]:
    """Return the versions and hashes that stand in every report; `digest` is the submission's."""
    return {
        "harness": __version__,
        "assignment_sha256": course.digests[part.name],
        "submission_sha256": digest,
    }


def unreadable(report: Report, problem: str, *, message: str = UNREADABLE) -> Report:
    """Return `report` without points, for a `problem` that its author can fix."""
    verdicts = tuple(unanswered(verdict.spec, message) for verdict in report.verdicts)
    return replace(report, verdicts=verdicts, problem=problem)


def with_verdicts(report: Report, verdicts: Sequence[Verdict]) -> Report:
    """Put `verdicts` in the places of those of the same tests."""
    fresh = {verdict.spec.id: verdict for verdict in verdicts}
    return replace(report, verdicts=tuple(fresh.get(old.spec.id, old) for old in report.verdicts))


def write_index(graded: Sequence[tuple[str, Report]], out: Path, title: str, feedback: Feedback) -> None:
    """Write the page in `out` that leads to the report of every submission."""
    lines = [
        Line(name, f"{quote(name)}/{staffs_page(feedback, [each.spec for each in report.verdicts])}", report)
        for name, report in graded
    ]
    write_whole(out / INDEX, index_page(lines, title))
