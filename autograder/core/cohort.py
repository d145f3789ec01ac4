"""A class: who handed in what, what became of it, and what it was graded by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.core.allowance import NOTHING, Allowance
from autograder.core.model import Outcome, TestSpec


@dataclass(frozen=True)
class Student:
    """One student as the learning platform names them; what it does not tell is empty.

    `number` is what the platform numbers a participant by, and no roster does: it tells namesakes apart.
    """

    name: str
    sid: str = ""
    email: str = ""
    canvas_id: str = ""
    login: str = ""
    section: str = ""
    number: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells this student from all others: the best of what is known."""
        fields = ("canvas_id", "sid", "login", "email", "number", "name")
        return next(((name, value) for name in fields if (value := getattr(self, name))), ("", ""))


@dataclass(frozen=True)
class Entry:
    """One submission of a class.

    Attributes: folder    where its reports go, unique in the class, upper case aside;
                name      what the platform calls it;
                path      the zip or folder, or "" where it is missing;
                files     where it came as several files: all of them, the latest last;
                students  who handed it in: nobody known, one, or a group;
                remark    what the staff should know about how it came in;
                allowance what the staff grants it.
    """

    folder: str
    name: str
    path: str
    students: tuple[Student, ...] = ()
    is_late: bool = False
    remark: str = ""
    allowance: Allowance = NOTHING
    handed_in: datetime | None = None  # where the platform says so
    files: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Return the students' names, or the name of the submission where nobody is known."""
        return ", ".join(student.name for student in self.students) or self.name


@dataclass(frozen=True)
class Lesson:
    """One known mistake in one submission: its hint, and the points that its tests lost."""

    hint: str
    lost: float


@dataclass(frozen=True)
class Record:
    """What a class keeps of one Report.

    Attributes: key       hash of all that the report depends on;
                outcomes  one a hidden test, in the order of the part's specs; `scores` likewise, before
                          policies, `charged` after them;
                policies  the rules broken, such as "prints (zero)";
                files     answer file → sha256 of its content;
                fault     what the first test that we could not run says about it;
                lessons   what each of `diagnoses` teaches;
                late_days of the purse, used.
    """

    name: str
    key: str
    outcomes: tuple[Outcome, ...]
    scores: tuple[float, ...]
    charged: tuple[float, ...]
    max_score: float
    diagnoses: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    problem: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    fault: str = ""
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    late_days: int = 0

    @property
    def score(self) -> float:
        """Return the points after policies."""
        return round(sum(self.charged), 6)

    @property
    def earned(self) -> float:
        """Return the points before policies."""
        return round(sum(self.scores), 6)

    def count(self, *outcomes: Outcome) -> int:
        """Return how many hidden tests ended in one of these ways."""
        return sum(outcome in outcomes for outcome in self.outcomes)


@dataclass(frozen=True)
class Line:
    """One submission with its record; without one, `failure` says why there is none."""

    entry: Entry
    record: Record | None = None
    failure: str = ""

    @property
    def fault(self) -> str:
        """Return what we failed to do for this submission, or nothing; a missing one is no fault of ours."""
        if self.record is None:
            return self.failure if self.entry.path else ""
        why = f". The first: {self.record.fault}" if self.record.fault else ""
        broken, provisional = self.record.count(Outcome.BROKEN), self.record.count(Outcome.PROVISIONAL)
        if provisional:
            return (
                f"{broken + provisional} tests could not be run, {provisional} of them only with this "
                f"submission's code; those have no points until you have looked{why}"
            )
        return f"{broken} tests could not be run; they cost no points{why}" if broken else ""

    @property
    def is_graded(self) -> bool:
        """Tell whether its code was looked at."""
        return self.record is not None and not self.record.problem


@dataclass(frozen=True)
class CodeLine:
    """One line of a file that is shown; `is_shared` where the other one has it too."""

    number: int
    text: str
    is_shared: bool


@dataclass(frozen=True)
class Pair:
    """Two files that look alike: the share (0 to 1) of each one's own code that the other has too.

    Attributes: files  their names, the first one's and the second one's;
                code   their lines, or nothing where they are not shown.
    """

    first: str  # folder
    second: str
    shares: tuple[float, float]
    files: tuple[str, str] = ("", "")
    code: tuple[tuple[CodeLine, ...], tuple[CodeLine, ...]] = ((), ())

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells this pair from all others."""
        return (self.first, self.second, *self.files)


@dataclass(frozen=True)
class Likeness:
    """Which submissions of a class look alike.

    Attributes: pairs     of files, the most alike first;
                clusters  groups of folders that pairs tie together, the largest first;
                remarks   what was left out, and where a limit was reached.
    """

    pairs: tuple[Pair, ...] = ()
    clusters: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassBook:
    """Everything that the pages of one class are made of."""

    title: str
    points: float
    specs: tuple[TestSpec, ...]
    components: Mapping[str, str]  # name → title, in the manifest's order
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()
    part: str = ""  # its name in the manifest
    page: str = "report.html"  # which of a submission's pages the staff reads
    likeness: Likeness | None = None  # None where the submissions were not compared

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the records of all submissions whose code was looked at."""
        return tuple(line.record for line in self.lines if line.record is not None and line.is_graded)

    def diagnoses(self) -> tuple[tuple[str, int], ...]:
        """Return the known mistakes by how many submissions have them, most common first."""
        count = Counter(name for record in self.records for name in record.diagnoses)
        return tuple(sorted(count.items(), key=lambda entry: (-entry[1], entry[0])))

    @property
    def counting(self) -> tuple[Line, ...]:
        """Return the submissions that count, once for each student.

        A nameless one counts as one student, unless a remark says that it is somebody's earlier one.
        """
        counting = counting_lines(self.lines)
        nameless = [line for line in self.lines if not line.entry.students and not line.entry.remark]
        return (*(line for _, line in counting.values()), *nameless)

    def component_points(self, record: Record, component: str) -> float:
        """Return what `record` earned in `component` after policies."""
        pairs = zip(self.specs, record.charged, strict=True)
        return round(sum(points for spec, points in pairs if spec.component == component), 6)

    def not_written(self, record: Record) -> tuple[str, ...]:
        """Return the titles of the components in which something is not written yet."""
        pairs = zip(self.specs, record.outcomes, strict=True)
        open_ones = {spec.component for spec, outcome in pairs if outcome is Outcome.NOT_WRITTEN}
        return tuple(title for name, title in self.components.items() if name in open_ones)


def counting_lines(lines: Iterable[Line]) -> dict[tuple[str, str], tuple[Student, Line]]:
    """Return each student with the submission that counts: the last, or else the one with most points."""
    found: dict[tuple[str, str], tuple[Student, Line]] = {}
    for line in lines:
        for student in line.entry.students:
            old = found.get(student.key)
            if old is None or _rank(line) > _rank(old[1]):
                found[student.key] = (student, line)
    return found


def _rank(line: Line) -> tuple[bool, float, float]:
    came = line.entry.handed_in.timestamp() if line.entry.handed_in else 0.0
    return line.record is not None, came, line.record.score if line.record else 0.0
