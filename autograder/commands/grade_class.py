"""The command `class`: a folder of submissions in, reports, gradebooks and the class page out."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from rich.console import Console

from autograder.core.cohort import ClassBook, Line, Pair
from autograder.core.item_analysis import twins
from autograder.render.class_page import class_page
from autograder.render.class_summary import progress_bar
from autograder.render.gradebook import canvas, gradebook, status
from autograder.shell.cohort import Cohort, Pool, Step, answers_of, unfilled_hashes
from autograder.shell.grade import specs_of
from autograder.shell.ledger import Ledger, open_ledger
from autograder.shell.roster import Roster, read_roster
from autograder.shell.station import Order

MOST_COMMON = 5  # diagnoses in the summary


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; without a `scheduler`, this machine grades."""

    folder: Path
    out: Path
    workers: int | None = None
    scheduler: str = ""
    fresh: bool = False
    similarity: bool = False


@dataclass(frozen=True)
class Watch:
    """Whom to tell: how many there are, each step, and notes in words."""

    begin: Callable[[int], None]
    step: Callable[[Step], None]
    note: Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """A graded class, where its page is, and how long it took (seconds, on the wall)."""

    book: ClassBook
    page: Path
    new: int
    seconds: float

    @property
    def failures(self) -> tuple[Line, ...]:
        """Return the submissions that we failed to grade, in whole or in part."""
        return tuple(line for line in self.book.lines if line.fault)


def grade_class(request: Request, order: Order, watch: Watch) -> Result:
    """Grade whatever is not graded yet, and write all files of the class.

    The answer key must be in `order.keys`. Raises SubmissionError for input or an output folder that cannot
    be used, HarnessError where grading itself breaks down; what was graded until then is kept.
    """
    started = time.monotonic()
    roster = read_roster(request.folder, part=order.part, out=request.out)
    watch.begin(len(roster.entries))
    for remark in roster.remarks:
        watch.note(remark)
    identity = {"assignment": order.course.manifest.name, "part": order.part.name}
    with open_ledger(request.out, identity) as ledger:
        steps = _grade(request, order, roster, ledger, watch)
        book = _book(request, order, roster, [step.line for step in steps], watch)
        _write(book, order, ledger)
    seconds = time.monotonic() - started
    return Result(book, request.out / "class.html", sum(step.is_new for step in steps), seconds)


@contextmanager
def watch_on(console: Console) -> Iterator[Watch]:
    """Show a bar on `console` while a class is graded, and notes above it."""
    with progress_bar(console) as bar:
        task = bar.add_task("", total=None)
        yield Watch(
            begin=lambda total: bar.update(task, total=total),
            step=lambda step: bar.advance(task),
            note=lambda note: bar.console.print(note, markup=False, highlight=False),
        )


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def summary(result: Result) -> dict[str, Any]:
    """Return the class in numbers, fit for JSON."""
    book = result.book
    states = Counter(status(line) for line in book.lines)
    scores = [line.record.score for line in book.lines if line.record is not None]
    minutes = result.seconds / 60
    return {
        "title": book.title,
        "submissions": len(book.lines),
        **{
            name.replace(" ", "_"): states[name] for name in ("graded", "unreadable", "missing", "not graded")
        },
        "new": result.new,
        "seconds": round(result.seconds, 1),
        "per_minute": round(result.new / minutes, 1) if minutes else 0.0,
        "points": book.points,
        "mean": round(mean(scores), 2) if scores else None,
        "median": round(median(scores), 2) if scores else None,
        "diagnoses": dict(book.diagnoses()[:MOST_COMMON]),
        "failures": {line.entry.folder: line.fault for line in result.failures},
        "remarks": list(book.remarks),
        "page": str(result.page),
    }


def _grade(request: Request, order: Order, roster: Roster, ledger: Ledger, watch: Watch) -> list[Step]:
    steps = []
    cohort = Cohort(order, roster.entries, ledger, fresh=request.fresh)
    with _pool(request, order, ledger, len(roster.entries), watch) as pool:
        for step in cohort.grade(pool):
            watch.step(step)
            steps.append(step)
    return steps


@contextmanager
def _pool(request: Request, order: Order, ledger: Ledger, submissions: int, watch: Watch) -> Iterator[Pool]:
    if request.scheduler:
        from autograder.shell.cluster import ClusterPool  # Dask, which a class on one machine does not need

        with ClusterPool(order, address=request.scheduler, on_note=watch.note) as cluster:
            yield cluster
    else:
        from autograder.shell.local_pool import LocalPool

        slots = min(request.workers or cores(), submissions)
        with LocalPool(order, slots=slots, scratch=ledger.scratch) as local:
            yield local


def _book(request: Request, order: Order, roster: Roster, lines: Sequence[Line], watch: Watch) -> ClassBook:
    part = order.part
    place = {entry.folder: index for index, entry in enumerate(roster.entries)}
    return ClassBook(
        title=part.title,
        points=part.points,
        specs=specs_of(part, order.course),
        components={component.name: component.title for component in part.components},
        lines=tuple(sorted(lines, key=lambda line: place[line.entry.folder])),
        pairs=_similar(order, lines, watch) if request.similarity else (),
        remarks=roster.remarks,
        was_compared=request.similarity,
    )


def _similar(order: Order, lines: Sequence[Line], watch: Watch) -> tuple[Pair, ...]:
    from autograder.shell.similarity import similar_pairs

    watch.note("Comparing the submissions with each other.")
    answers = answers_of([line.entry for line in lines if line.is_graded], order)
    files = {folder: submission.files for folder, submission in sorted(answers.items())}
    return similar_pairs(files, order.course.skeleton(order.part))


def _write(book: ClassBook, order: Order, ledger: Ledger) -> None:
    same = twins(book.lines, unfilled_hashes(order))
    ledger.write(Path("gradebook.csv"), gradebook(book))
    ledger.write(Path("canvas.csv"), canvas(book))
    ledger.write(Path("class.html"), class_page(book, same))
