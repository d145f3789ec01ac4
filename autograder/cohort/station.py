"""A station: one process that can grade, with a running host and the answer key; what goes in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.answer_key.key import AnswerKey
from autograder.cohort.fingerprints import handed_in_hashes
from autograder.core.cohort import Record, record_of
from autograder.core.errors import AutograderError, HarnessError, SubmissionError, WallError, in_words
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.course import Course
from autograder.grading.grade import grade_what_is_read
from autograder.intake.submission import Submission
from autograder.render.gradescope import results
from autograder.render.html import report_page
from autograder.render.results_file import as_text
from autograder.worker.grader_side.host import WorkerHost


@dataclass(frozen=True)
class Order:
    """What all stations of one class share; `keys` is the folder that holds the answer key."""

    course: Course
    part: Part
    keys: Path
    unsafe: bool = False


@dataclass(frozen=True)
class Job:
    """One submission to grade: its answer files, or in words why they cannot be read.

    Attributes: folder  where its reports go;
                key     hash of all that the report depends on.
    """

    folder: str
    key: str
    name: str
    submission: Submission | None
    problem: str = ""

    def read(self) -> Submission:
        """Return the submission; raise SubmissionError where it could not be read."""
        if self.submission is None:
            raise SubmissionError(self.problem)
        return self.submission


@dataclass(frozen=True)
class Graded:
    """What grading one job gave: the record, and the two files for staff and student."""

    record: Record
    results: str
    page: str


@dataclass(frozen=True)
class Failure:
    """Why a job could not be graded, through no fault of its author; `is_general` if no job can be."""

    message: str
    is_general: bool = False


class Station:
    """Grade job after job."""

    def __init__(self, order: Order, host: WorkerHost, key: AnswerKey) -> None:
        self._order, self._host, self._key = order, host, key

    def grade(self, job: Job) -> Graded | Failure:
        """Grade one job; a fault of ours is a Failure that says what broke, and not an exception."""
        stage = "grading"
        try:
            report = self._report(job)
            stage = "writing its report"
            return self._graded(job, report)
        except HarnessError as error:
            return Failure(str(error), is_general=isinstance(error, WallError))
        except AutograderError as error:
            return Failure(str(error), is_general=True)
        except Exception as error:  # noqa: BLE001  (a bug of ours may cost one report, and not the class)
            return Failure(f"{stage} broke down: {in_words(error)}")

    def _report(self, job: Job) -> Report:
        order = self._order
        return grade_what_is_read(
            job.name, job.read, part=order.part, course=order.course, host=self._host, key=self._key
        )

    def _graded(self, job: Job, report: Report) -> Graded:
        order = self._order
        feedback = order.course.manifest.feedback
        hashes = handed_in_hashes(job.submission) if job.submission else {}
        return Graded(
            record=record_of(report, key=job.key, files=hashes),
            results=as_text(results(report, feedback)),
            page=report_page(report, order.part, feedback),
        )


@contextmanager
def station(order: Order) -> Iterator[Station]:
    """Start the host, and only then load the answers; end all workers afterwards.

    Raises HarnessError where the fork server does not start or the key cannot be read, WallError where
    student code must not run on this machine.
    """
    part = order.part
    if not part.runs_code:
        yield Station(order, WorkerHost(runtime="numpy", limits=part.limits), AnswerKey.empty(part.name))
        return
    with WorkerHost(runtime=part.runtime, limits=part.limits, unsafe=order.unsafe, for_many=True) as host:
        if host.level.letter == "D" and not order.unsafe:
            host.open(order.course.root, allowed_imports=()).close()  # says what is missing, and raises
        yield Station(order, host, AnswerKey.load(part.name, order.keys))
