"""The nouns that travel between the stages, all frozen: cases, replies, verdicts, reports."""

from __future__ import annotations

import enum
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from autograder.core.violation import Severity, Violation

Array: TypeAlias = npt.NDArray[Any]
Setting: TypeAlias = "int | float | str | bool | list[Any] | dict[str, Any] | None"


class Outcome(str, enum.Enum):
    """What became of one hidden test (the `outcome` of a result)."""

    PASSED = "passed"
    NOT_WRITTEN = "not_written"  # nothing is there yet that could be right or wrong
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    SKIPPED = "skipped"
    BROKEN = "broken"  # through a fault of ours
    PROVISIONAL = "provisional"  # not run, and the fault may be the submission's: the staff is to look


NOT_RUN = (Outcome.BROKEN, Outcome.PROVISIONAL)  # what the next run tries again, and the staff looks at


@dataclass(frozen=True)
class Case:
    """What a worker is sent: a probe's name, its JSON settings and its input arrays.

    A case holds no answer: it is sent to the student's worker, to the reference's and to every mutant's.
    """

    probe: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """Return the content hash (hex) under which replies to this case are remembered."""
        digest = hashlib.sha256(self.probe.encode())
        digest.update(json.dumps(dict(self.settings), sort_keys=True).encode())
        for name in sorted(self.arrays):
            array = np.ascontiguousarray(self.arrays[name])
            digest.update(f"{name}|{array.dtype.str}|{self.arrays[name].shape}".encode())
            digest.update(array.tobytes())
        return digest.hexdigest()


class Ending(str, enum.Enum):
    """How a worker's reply to one case ended."""

    ANSWERED = "answered"
    RAISED = "raised"  # student code raised; arrays yielded before are kept
    TIMED_OUT = "timed_out"  # it computed or waited for too long, and was killed
    CRASHED = "crashed"  # the worker died, or broke the protocol
    OVER_LIMIT = "over_limit"  # memory, processes, output or reply size ran out


@dataclass(frozen=True)
class StudentError:
    """An exception that student code raised, reduced to what may be shown to its author.

    `file` is relative to the part's folder, `line` counts from 1; both are empty (0) when no student frame is
    known.
    """

    type: str
    message: str
    file: str = ""
    line: int = 0
    code: str = ""


@dataclass(frozen=True)
class Printed:
    """Text that student code wrote to stdout, with the first place that wrote it where that is known."""

    text: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Reply:
    """What one worker answered to one case.

    `arrays` holds plain bounded arrays, read-only; `problems` maps a name that was yielded but is no
    acceptable array to the reason ("None instead of an array", "12.0 GB, the limit is 64 MB"). `reason` says
    in words which limit ran out when `ending` is neither ANSWERED nor RAISED. `seconds` is what it cost, as a
    Stopwatch outside of the worker counts: processor time, and waiting.
    """

    ending: Ending
    arrays: Mapping[str, Array] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    error: StudentError | None = None
    printed: Printed | None = None
    remarks: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that explains wrong answers: its name, and the hint for the student.

    Code's is a "bug": a mutant whose replies equal the student's or, where `is_by_pattern`, which is right,
    wrong or raises in the same cases. Where `is_place`, several bugs give these outputs, all of them in the
    place that the hint names. An answer on paper has a "misconception".
    """

    mutant: str
    hint: str
    tests: tuple[str, ...]  # ids of the failed tests that it explains
    kind: str = "bug"
    is_by_pattern: bool = False
    is_place: bool = False


@dataclass(frozen=True)
class Example:
    """The smallest input that was found on which a component's code goes wrong.

    Attributes: settings, arrays   of the case, as the student's code is given them;
                output   what is wrong, such as "dx";
                got      what came, or None if nothing did; `said` then says why;
                right    what is right;
                code     lines that reproduce it in the student's own folder.
    """

    settings: Mapping[str, Setting]
    arrays: Mapping[str, Array]
    output: str
    got: Array | None
    said: str
    right: Array
    code: str


@dataclass(frozen=True)
class Explanation:
    """What is known about a component's failures beside known bugs: sentences, and an example."""

    component: str
    sentences: tuple[str, ...] = ()
    example: Example | None = None


@dataclass(frozen=True)
class TestSpec:
    """One hidden test as its decorators state it, before anything ran."""

    __test__ = False
    id: str  # "TestConv2D.test_forward_not_square": unique in its part
    name: str  # what the student reads
    number: str  # "1.3"
    component: str
    direction: str  # "forward" | "backward" | "update" | "" (from the tags)
    max_score: float
    visibility: str  # "" means: as the manifest says
    tags: tuple[str, ...]
    dropped: str = ""  # why the staff gives everybody its points
    is_plain: bool = False  # asks at the component's plain configuration


@dataclass(frozen=True)
class Verdict:
    """What one hidden test found.

    `message` is for the student: what differs and where, never the expected numbers.
    """

    spec: TestSpec
    outcome: Outcome
    score: float
    message: str = ""
    diagnosis: tuple[str, ...] = ()  # mutant ids
    seconds: float = 0.0


@dataclass(frozen=True)
class Report:
    """Everything that grading one part of one submission found; render/ makes JSON, HTML and tables of it."""

    name: str  # of the zip or folder, without its suffix
    part: str
    title: str
    verdicts: tuple[Verdict, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    violations: tuple[Violation, ...] = ()
    remarks: tuple[
        str, ...
    ] = ()  # what was corrected on the way in (folders stripped, given files put back, …)
    problem: str = ""  # why nothing could be graded (an unreadable zip), for the student
    facts: Mapping[str, Any] = field(default_factory=dict)  # versions, hashes, wall: top-level extra_data
    seconds: float = 0.0
    granted: tuple[str, ...] = ()  # ids of the tests whose points the staff gave
    late_days: int = 0  # of the purse, used by this submission
    late_percent: float = 0.0  # of the points, deducted for lateness; not of those that are granted
    earned_in_all: float | None = None  # before policies, where some of the verdicts are left out
    who: str = ""  # the students that handed it in, where they are known

    @property
    def max_score(self) -> float:
        """Return the part's points; the same for every submission."""
        return round(math.fsum(verdict.spec.max_score for verdict in self.verdicts), 6)

    @property
    def zeroed(self) -> bool:
        """Tell whether a policy takes all points of the part."""
        return any(
            violation.severity is Severity.ZERO and not violation.component for violation in self.violations
        )

    @property
    def score(self) -> float:
        """Return the points after policies."""
        return round(sum(verdict.score * self.kept(verdict.spec) for verdict in self.verdicts), 6)

    @property
    def fine(self) -> float:
        """Return the points that broken policies take, each once."""
        fines = {each.policy: each.severity for each in self.violations}
        return math.fsum(fine for fine in fines.values() if not isinstance(fine, Severity))

    def kept(self, spec: TestSpec) -> float:
        """Return the share of a test's points that policies and lateness leave, 0 to 1."""
        found = self.earned_in_all
        if found is None:
            found = math.fsum(verdict.score for verdict in self.verdicts)
        if self.zeroed or (self.fine and self.fine >= found):
            return 0.0
        late = 0.0 if spec.id in self.granted else self.late_percent / 100
        return (1 - self.fine / found if self.fine else 1.0) * (1 - late)
