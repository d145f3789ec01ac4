"""Jobs: what a pool gets for each submission of a class, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort.fingerprints import content_hashes_of
from autograder.core.allowance import NOTHING, Allowance
from autograder.core.cohort import Record, Student
from autograder.core.errors import AutograderError, HarnessError, SubmissionError, WallError, in_words
from autograder.core.late import Lateness, judged
from autograder.core.manifest import Part
from autograder.core.records import record_of
from autograder.core.whose import with_identity, with_names
from autograder.course import Course
from autograder.grading.grader import Grader, open_grader
from autograder.grading.kind import Setting
from autograder.intake.submission import Submission
from autograder.render.gradescope import results
from autograder.render.results_file import as_text
from autograder.render.student_view import pages


@dataclass(frozen=True)
class Order:
    """What all jobs of one class share: `keys` is the folder of the answer key, `machine` as in a Setting."""

    course: Course
    part: Part
    keys: Path
    unsafe: bool = False
    machine: Path | None = None

    def open_grader(self) -> AbstractContextManager[Grader]:
        """Return the grader of these jobs, to be entered; it raises as `grading.grader.open_grader`."""
        return open_grader(
            self.course, self.part, Setting(unsafe=self.unsafe, keys=self.keys, machine=self.machine)
        )

    def reference_runs(self) -> bool:
        """Tell whether a grader can be opened here, and grades the reference; it takes a second or two."""
        try:
            with self.open_grader() as grader:
                return grader.reference_runs()
        except AutograderError:
            return False


@dataclass(frozen=True)
class Job:
    """One submission to grade: its answer files, or in words why they cannot be read.

    Attributes: folder  where its reports go;
                key     hash of all that the report depends on;
                students  who handed it in, as far as that is known.
    """

    folder: str
    key: str
    name: str
    submission: Submission | None
    problem: str = ""
    allowance: Allowance = NOTHING
    late: Lateness | None = None
    students: tuple[Student, ...] = ()

    def read(self) -> Submission:
        """Return the submission; raise SubmissionError if it could not be read."""
        if self.submission is None:
            raise SubmissionError(self.problem)
        return self.submission


@dataclass(frozen=True)
class Graded:
    """What grading one job gave: the record, results.json, and the pages for student and staff by name."""

    record: Record
    results: str
    pages: Mapping[str, str]


@dataclass(frozen=True)
class Failure:
    """Why a job could not be graded, through no fault of its author; `is_general` if no job can be."""

    message: str
    is_general: bool = False


def grade_job(grader: Grader, job: Job) -> Graded | Failure:
    """Grade one job; a fault of ours is a Failure that says what broke, and not an exception."""
    stage, feedback = "grading", grader.course.manifest.feedback
    try:
        report = with_identity(grader.grade_read(job.name, job.read), job.students)
        report = with_names(report, job.students)
        report = judged(report, job.allowance, job.late, grader.course.manifest.late)
        stage = "writing its report"
        hashes = content_hashes_of(job.submission) if job.submission else {}
        return Graded(
            record=record_of(report, key=job.key, files=hashes),
            results=as_text(results(report, feedback)),
            pages=pages(report, grader.part, feedback),
        )
    except HarnessError as error:
        return Failure(str(error), is_general=isinstance(error, WallError))
    except AutograderError as error:
        return Failure(str(error), is_general=True)
    except Exception as error:  # noqa: BLE001  (a bug of ours may cost one report, and not the class)
        return Failure(f"{stage} failed: {in_words(error)}")
