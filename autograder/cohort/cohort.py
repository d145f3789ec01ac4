"""Grade a class: known results are kept, the rest goes through a pool, each report is written at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from autograder.cohort.fingerprints import content_hashes, job_key, part_fingerprint
from autograder.cohort.identity import lateness_of
from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.cohort.ledger import Ledger
from autograder.cohort.reading import READING
from autograder.core.cohort import Entry, Line
from autograder.core.errors import AutograderError, HarnessError, SubmissionError, in_words
from autograder.grading.stages import Stages
from autograder.intake.submission import Submission

FAILURES_IN_A_ROW = 5
MISSING = "The export lists this submission, but its files are missing."


class Pool(Protocol):
    """What grades jobs: processes of this machine (`local_pool`), or a cluster (`cluster`)."""

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        """Yield each job with its outcome as it ends."""


@dataclass(frozen=True)
class Step:
    """One submission is settled; `is_new` says that it was graded in this run."""

    line: Line
    is_new: bool


class Cohort:
    """The submissions of one class, to be graded under one order into one ledger.

    Args:       fresh         grade also what is known;
                keep_answers  remember the answer files, to compare them with each other afterwards.
    Attributes: answers       folder → answer file → content, of what could be read.
    """

    def __init__(
        self,
        order: Order,
        entries: Sequence[Entry],
        ledger: Ledger,
        *,
        fresh: bool = False,
        keep_answers: bool = False,
    ) -> None:
        self.answers: dict[str, Mapping[str, bytes]] = {}
        self._keep_answers = keep_answers
        self._order, self._ledger, self._fresh = order, ledger, fresh
        self._entries = {entry.folder: entry for entry in entries}
        self._fingerprint = part_fingerprint(order.course, order.part, order.keys)
        self._settled: deque[Step] = deque()
        self._faults: dict[str, Line] = {}  # in a row, by who handed in
        self._stages = Stages()

    def grade(self, pool: Pool) -> Iterator[Step]:
        """Settle one submission after another; stop and raise where nothing can be graded at all.

        Nothing is lost if the caller stops early: each step is on the disk when it is yielded.
        Raises SubmissionError if reports cannot be written, HarnessError if one fault of ours follows
        another.
        """
        for job, outcome in pool.run(self._jobs()):
            line = self._kept(job, outcome)
            if isinstance(outcome, Failure) and outcome.is_general:
                raise HarnessError(f"{job.name}: {line.fault}")
            self._settle(Step(line, is_new=True))
            yield from self._drain()
        yield from self._drain()

    def _settle(self, step: Step) -> None:
        """Count `step` as done; raise HarnessError if one fault of ours follows another.

        Submissions may be made to bring faults on. So those of one student count once, and nobody stops the
        class as long as the reference can be graded.
        """
        if step.line.fault:
            self._faults[step.line.entry.who] = step.line
        else:
            self._faults.clear()
        if len(self._faults) >= FAILURES_IN_A_ROW:
            if not self._order.reference_runs():
                raise HarnessError(
                    f"{step.line.entry.name}: {step.line.fault}\nStopped after {FAILURES_IN_A_ROW} "
                    "students in a row whose submissions could not be graded; neither could the "
                    "reference. Finished reports are kept."
                )
            self._faults.clear()
        self._settled.append(step)

    def has_changed(self) -> bool:
        """Tell whether the course, the answer key or the grader is another one than at the beginning."""
        try:
            return (
                part_fingerprint(self._order.course, self._order.part, self._order.keys) != self._fingerprint
            )
        except AutograderError:
            return True

    def _drain(self) -> Iterator[Step]:
        while self._settled:
            yield self._settled.popleft()

    def _jobs(self) -> Iterator[Job]:
        """Read one submission after another, and pass on those that are not known."""
        for entry in self._entries.values():
            if not entry.path:
                self._settled.append(Step(Line(entry, failure=entry.remark or MISSING), is_new=False))
                continue
            try:
                job = self._job(entry)
                record = None if self._fresh else self._ledger.known(job.folder, job.key)
            except Exception as error:  # noqa: BLE001  (a bug of ours may cost one report, and not the class)
                self._settle(Step(Line(entry, failure=f"reading it failed: {in_words(error)}"), is_new=True))
                continue
            if record is None:
                yield job
            else:
                self._settled.append(Step(Line(entry, record), is_new=False))

    def _job(self, entry: Entry) -> Job:
        name, submission, problem = Path(entry.path).stem, None, ""
        part, course = self._order.part, self._order.course
        try:
            submission = self._stages.run(
                READING, Submission, entry=entry, part=part, course=course, scratch=self._ledger.scratch
            )
            name = submission.name
            if self._keep_answers:
                self.answers[entry.folder] = {**submission.own_modules, **submission.files}
        except SubmissionError as error:
            problem = str(error)
        policy, late = course.manifest.late, lateness_of(entry, course.manifest, part.name)
        counted = entry.allowance if late else replace(entry.allowance, late_days=None, extension_hours=0.0)
        whose = entry.students if part.variants else ()
        granted = (counted, late, policy if late else None, *whose)
        key = job_key(self._fingerprint, name, submission, problem, granted)
        return Job(entry.folder, key, name, submission, problem, entry.allowance, late, entry.students)

    def _kept(self, job: Job, outcome: Graded | Failure) -> Line:
        entry = self._entries[job.folder]
        if isinstance(outcome, Failure):
            return Line(entry, failure=outcome.message)
        try:
            self._ledger.keep(job.folder, outcome.record, results=outcome.results, pages=outcome.pages)
        except SubmissionError:
            raise  # the disk refuses: it would refuse the next ones too
        except Exception as error:  # noqa: BLE001  (as in `_jobs`)
            return Line(entry, failure=f"saving its report failed: {in_words(error)}")
        return Line(entry, outcome.record)


def unfilled_hashes(order: Order) -> Mapping[str, str]:
    """Return the hashes of the skeletons: answer files that nobody has written in."""
    return content_hashes(order.course.skeleton(order.part))
