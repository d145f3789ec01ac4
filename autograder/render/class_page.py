"""A class → class.html: one page with charts and tables, which sort and filter without any network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median
from urllib.parse import quote

from autograder.core.cohort import ClassBook, Line, Pair, Record
from autograder.core.item_analysis import Item, Twins, analyse
from autograder.core.model import Outcome, TestSpec
from autograder.render.gradebook import status
from autograder.render.html import environment, own_script
from autograder.render.text import WORDS, number

BINS = 10
SEPARATES = 0.1  # correlation with the rest of the score: below, a test says little
LISTED = 200  # pairs, and groups of twins, on the page
FATAL = (Outcome.TIMED_OUT, Outcome.CRASHED)


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram, in units of the drawing: 1000 wide, 300 high."""

    label: str
    count: int
    x: float
    width: float
    height: float


@dataclass(frozen=True)
class Shared:
    """One known mistake, what it teaches, the points that it cost the class, and who shares it."""

    name: str
    hint: str
    lost: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Average:
    """One component: its title, the mean of its points over the students, and its points."""

    title: str
    mean: float
    points: float


class ClassView:
    """What the template asks of a class.

    Args: twins  groups of submissions with the same bytes.
    """

    def __init__(self, book: ClassBook, twins: Sequence[Twins]) -> None:
        self.book = book
        self.twins, self.more_twins = tuple(twins[:LISTED]), max(0, len(twins) - LISTED)
        pairs = book.likeness.pairs if book.likeness else ()
        self.pairs, self.more_pairs = pairs[:LISTED], max(0, len(pairs) - LISTED)
        self._lines = {line.entry.folder: line for line in book.lines}

    @cached_property
    def scores(self) -> list[float]:
        """Return the score of each student who has one, unreadable submissions (0) among them."""
        return [line.record.score for line in self.book.counting if line.record is not None]

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Return the numbers that stand at the top of the page."""
        states = [status(line) for line in self.book.lines]
        counts = [
            (state, str(states.count(state))) for state in ("graded", "unreadable", "missing", "not graded")
        ]
        counts = [("submissions", str(len(states))), *(entry for entry in counts if entry[1] != "0")]
        if not self.scores:
            return counts
        full = sum(score >= self.book.points for score in self.scores)
        middle = [("mean", number(mean(self.scores))), ("median", number(median(self.scores)))]
        return [*counts, ("students", str(len(self.scores))), *middle, ("full marks", str(full))]

    @cached_property
    def bars(self) -> list[Bar]:
        """Return the histogram: equal steps from 0 to all points, the last one with both its ends."""
        return histogram(self.scores, self.book.points)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return the hidden tests with what the class says about them."""
        return analyse(self.book.specs, self.book.records)

    @cached_property
    def diagnoses(self) -> list[Shared]:
        """Return the known mistakes, most common first, then those that cost most."""
        shared = [self._shared(name) for name, _ in self.book.diagnoses()]
        return sorted(shared, key=lambda each: (-len(each.lines), -each.lost, each.name))

    @cached_property
    def averages(self) -> list[Average]:
        """Return the mean of each component over the students, in the manifest's order."""
        records = [line.record for line in self.book.counting if line.record is not None]
        return [
            Average(
                title,
                mean([self.book.component_points(record, name) for record in records]) if records else 0.0,
                sum(spec.max_score for spec in self.book.specs if spec.component == name),
            )
            for name, title in self.book.components.items()
        ]

    @cached_property
    def doubtful(self) -> list[Item]:
        """Return the hidden tests that say little about who is strong, the worst first."""
        told = [(item.discrimination, item) for item in self.items if item.discrimination is not None]
        return [item for value, item in sorted(told, key=lambda pair: pair[0]) if value < SEPARATES]

    @cached_property
    def dropped(self) -> list[TestSpec]:
        """Return the hidden tests that the staff has dropped, in order."""
        return [spec for spec in self.book.specs if spec.dropped]

    @cached_property
    def fatal(self) -> list[tuple[Line, Record]]:
        """Return the submissions with time-outs or crashes."""
        return [(line, record) for line in self.book.lines if (record := line.record) and stopped(record)]

    def line(self, folder: str) -> Line:
        """Return the submission whose reports are in `folder`."""
        return self._lines[folder]

    def _shared(self, name: str) -> Shared:
        lines = tuple(line for line in self.book.lines if line.record and name in line.record.diagnoses)
        lessons = [line.record.lessons[name] for line in lines if line.record and name in line.record.lessons]
        hint = next((lesson.hint for lesson in lessons), "")
        return Shared(name, hint, round(sum(lesson.lost for lesson in lessons), 6), lines)


def class_page(book: ClassBook, twins: Sequence[Twins], *, is_nameless: bool = False) -> str:
    """Return the page of a class as HTML; the only script that it lets run is its own.

    A nameless page holds nothing of any one student, so that it can be shown to all.
    """
    engine = environment()
    engine.filters.update(address=address, percent=percent, likeness=likeness)
    return engine.get_template("class.html").render(
        view=ClassView(book, twins),
        book=book,
        is_nameless=is_nameless,
        status=status,
        stopped=stopped,
        words=WORDS,
        outcome=Outcome,
        **own_script("tables.js"),
    )


def histogram(scores: Sequence[float], points: float) -> list[Bar]:
    """Return BINS bars over [0, points]; the highest is 300 units high.

    >>> [bar.count for bar in histogram([0, 9.9, 10, 100], 100)]
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    """
    step = points / BINS or 1.0
    counts = [0] * BINS
    for score in scores:
        counts[min(BINS - 1, int(score / step + 1e-9))] += 1
    highest, width = max(*counts, 1), 1000 / BINS
    return [
        Bar(
            label=f"{number(index * step)}–{number((index + 1) * step)}",
            count=count,
            x=round(index * width, 2),
            width=width,
            height=round(300 * count / highest, 2),
        )
        for index, count in enumerate(counts)
    ]


def stopped(record: Record) -> str:
    """Return the time-outs and crashes of one submission in words, or nothing.

    >>> stopped(Record("ada", "", (Outcome.CRASHED, Outcome.PASSED, Outcome.CRASHED), (), (), 3.0))
    '2 × crashed'
    """
    return ", ".join(f"{record.count(kind)} × {WORDS[kind]}" for kind in FATAL if record.count(kind))


def address(folder: str, page: str) -> str:
    """Return the link from the class page to a page of a submission."""
    return f"{quote(folder)}/{page}"


def percent(share: float) -> str:
    """Return a share of 0 to 1 as people read it.

    >>> percent(0.125)
    '12 %'
    """
    return f"{100 * share:.0f} %"


def likeness(pair: Pair) -> float:
    """Return the share by which pairs are ordered: that of the submission with more in common."""
    return max(pair.shares)
