"""The command `class`: a folder of submissions in, reports, gradebooks and the class page out."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from rich.console import Console

from autograder.cohort.assigning import assigned
from autograder.cohort.cohort import Cohort, Pool, Step
from autograder.cohort.download import opened
from autograder.cohort.feedback import require_elsewhere, write_feedback
from autograder.cohort.forgetting import note_students
from autograder.cohort.granting import read_grants
from autograder.cohort.jobs import Order
from autograder.cohort.ledger import Ledger, open_ledger
from autograder.cohort.roster import Roster, read_roster
from autograder.cohort.scheduler_address import require_address
from autograder.cohort.zip_times import packed_at
from autograder.commands.class_pages import class_book, write_pages
from autograder.core.cohort import ClassBook, Entry, Likeness, Line
from autograder.core.errors import HarnessError, Stopped, SubmissionError, WallError
from autograder.render.class_summary import progress_bar
from autograder.render.results_file import require_place
from autograder.render.text import plain

CHANGED = (
    "The course, its answer key or the grader was changed while this class was being graded. Run the same "
    "command again, so that one version grades everybody."
)


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; without a `scheduler`, this machine grades."""

    folder: Path
    out: Path
    workers: int | None = None
    scheduler: str | None = None
    insecure: bool = False
    fresh: bool = False
    similarity: bool = False
    students: Sequence[Path] = ()
    earlier: Sequence[Path] = ()
    zip_times: bool = False
    canvas_column: str = ""
    feedback: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what is no address before anything is computed; raise SubmissionError."""
        if self.scheduler is not None:
            require_address(self.scheduler)


def request_of(options: argparse.Namespace) -> Request:
    """Return what the options of `class` ask for; raise SubmissionError if they cannot be meant."""
    return Request(**{field.name: getattr(options, field.name) for field in fields(Request)})


@dataclass(frozen=True)
class Watch:
    """Whom to tell: how many there are, each step, and notes in words."""

    begin: Callable[[int], None]
    step: Callable[[Step], None]
    note: Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """A graded class, where its page is, and how long it took (seconds of wall-clock time).

    `new` counts what was graded in this run, or could not be; `kept` the reports that were there before.
    """

    book: ClassBook
    page: Path
    new: int
    kept: int
    seconds: float

    @property
    def failures(self) -> tuple[Line, ...]:
        """Return the submissions that we failed to grade, in whole or in part."""
        return tuple(line for line in self.book.lines if line.fault)

    @property
    def nothing_read(self) -> str:
        """Return why the first submission could not be read, where none could be; "" otherwise."""
        there = [line for line in self.book.lines if line.entry.path]
        problems = [line.record.problem for line in there if line.record and line.record.problem]
        return problems[0] if there and len(problems) == len(there) else ""


def grade_class(request: Request, order: Order, watch: Watch) -> Result:
    """Grade whatever is not graded yet, and write all files of the class.

    The answer key must be in `order.keys`. Raises SubmissionError for input or an output folder that cannot
    be used, HarnessError if grading itself breaks down; what was graded until then is kept.
    """
    started = time.monotonic()
    if request.feedback:
        require_elsewhere(request.feedback, request.folder)
        require_place(request.feedback)
    grants = read_grants(request.students, request.earlier, order.course, order.part)
    with opened(request.folder) as folder:
        roster = assigned(read_roster(folder, part=order.part, out=request.out), grants)
        if request.zip_times:
            roster = replace(roster, entries=tuple(_timed(entry, order) for entry in roster.entries))
        return _grade_roster(request, order, roster, watch, started)


def _grade_roster(request: Request, order: Order, roster: Roster, watch: Watch, started: float) -> Result:
    watch.begin(len(roster.entries))
    for remark in roster.remarks:
        watch.note(remark)
    identity = {"assignment": order.course.manifest.name, "part": order.part.name}
    with open_ledger(request.out, identity) as ledger:
        note_students(roster.entries, ledger)
        cohort = Cohort(order, roster.entries, ledger, fresh=request.fresh, keep_answers=request.similarity)
        with _explained(cohort), _resumable(request, ledger):
            steps = _grade(request, order, cohort, ledger, watch)
            if cohort.has_changed():
                watch.note(CHANGED)
                roster = replace(roster, remarks=(*roster.remarks, CHANGED))
            likeness = _similar(order, cohort, steps, watch) if request.similarity else None
            book = class_book(order, roster, [step.line for step in steps], likeness=likeness)
            write_pages(book, order, ledger, request.canvas_column)
            if request.feedback:
                count = write_feedback(request.feedback, book.lines, request.out, order.part.name)
                watch.note(f"{request.feedback}: {count} reports, ready to upload.")
    seconds = time.monotonic() - started
    new = sum(step.is_new for step in steps)
    kept = sum(not step.is_new and step.line.record is not None for step in steps)
    return Result(book, request.out / "class.html", new, kept, seconds)


def _timed(entry: Entry, order: Order) -> Entry:
    if entry.handed_in or not entry.path:
        return entry
    return replace(entry, handed_in=packed_at(Path(entry.path), order.course.manifest.intake))


@contextmanager
def _resumable(request: Request, ledger: Ledger) -> Iterator[None]:
    """Say what is kept where somebody stops the run."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(
            f"Stopped: the reports of {ledger.count()} submissions are kept in {request.out}. Run the "
            "same command again to continue; gradebooks and pages are written at the end."
        ) from None


@contextmanager
def _explained(cohort: Cohort) -> Iterator[None]:
    """Add to a fault of ours that something was changed while the class was graded, where it was."""
    try:
        yield
    except HarnessError as error:
        if isinstance(error, WallError) or not cohort.has_changed():
            raise
        raise HarnessError(f"{error}\n{CHANGED}") from error


@contextmanager
def watch_on(console: Console) -> Iterator[Watch]:
    """Show a bar on `console` while a class is graded, and notes above it."""
    with progress_bar(console) as bar:
        task = bar.add_task("", total=None)
        yield Watch(
            begin=lambda total: bar.update(task, total=total),
            step=lambda step: bar.advance(task),
            note=lambda note: bar.console.print(plain(note), markup=False, highlight=False),
        )


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _grade(request: Request, order: Order, cohort: Cohort, ledger: Ledger, watch: Watch) -> list[Step]:
    steps = []
    with _pool(request, order, ledger, watch) as pool:
        for step in cohort.grade(pool):
            watch.step(step)
            steps.append(step)
    return steps


@contextmanager
def _pool(request: Request, order: Order, ledger: Ledger, watch: Watch) -> Iterator[Pool]:
    if request.scheduler is not None:
        try:
            from autograder.cohort.cluster import ClusterPool  # Dask, which one machine does not need
        except ImportError as error:
            raise SubmissionError(f"--scheduler needs Dask ({error}); run `make setup`.") from error
        with ClusterPool(
            order, address=request.scheduler, insecure=request.insecure, on_note=watch.note
        ) as cluster:
            yield cluster
    else:
        from autograder.cohort.local_pool import LocalPool

        with LocalPool(order, processes=request.workers or cores(), scratch=ledger.scratch) as local:
            yield local


def _similar(order: Order, cohort: Cohort, steps: Sequence[Step], watch: Watch) -> Likeness:
    from autograder.cohort.similarity import find_similar

    watch.note("Comparing the submissions with each other.")
    folders = sorted(step.line.entry.folder for step in steps if step.line.is_graded)
    files = {folder: cohort.answers[folder] for folder in folders}
    return find_similar(files, order.course.skeleton(order.part))
