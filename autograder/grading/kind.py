"""The kinds of parts: code that runs in a worker, a sheet of answers that is read.

Everything that differs between them is a method here, and each kind is one file beside this one. A kind is
imported where a part of it comes up, because it may be left out of a bundle.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from autograder.core.manifest import Part
from autograder.core.model import TestSpec
from autograder.course import Course
from autograder.grading.stages import Stage
from autograder.intake.submission import Submission

if TYPE_CHECKING:
    from autograder.grading.grader import Grader


def _nobody(step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Setting:
    """How a grader is to be opened.

    Attributes: unsafe       run student code even if the sandbox is incomplete;
                keys         the folder of an answer key that is up to date; None: the course's own, which is
                             brought up to date where the solutions are;
                machine      a file that all graders of this machine share, see `grading.neighbours`;
                on_progress  is told each step of computing an answer key.
    """

    unsafe: bool = False
    keys: Path | None = None
    machine: Path | None = None
    on_progress: Callable[[str], None] = _nobody


class Kind(ABC):
    """What grading, releasing and bundling a part of this kind takes.

    Attributes: reading   the stage that reads a zip, folder or file (path, part, course) → Submission;
                suffixes  endings of a single file that is a submission by itself;
                packages  what grading needs beside the harness's own packages, by runtime.
    """

    reading: ClassVar[Stage]
    suffixes: ClassVar[tuple[str, ...]] = ()
    packages: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def read(self, path: Path, *, part: Part, course: Course) -> Submission:
        """Read the answers in this process; raise SubmissionError without any. A grader runs `reading`."""
        submission: Submission = self.reading.find()(path, part=part, course=course)
        return submission

    @abstractmethod
    def specs(self, part: Part, course: Course) -> tuple[TestSpec, ...]:
        """Return what is graded, test by test, in order; the same for every submission."""

    @abstractmethod
    def open(self, course: Course, part: Part, setting: Setting) -> AbstractContextManager[Grader]:
        """Start whatever grading takes, and end it afterwards.

        Raises HarnessError if it does not start, WallError if student code must not run here.
        """

    @abstractmethod
    def bring_up_to_date(self, course: Course, part: Part, setting: Setting) -> None:
        """Compute what is kept for grading, where it is missing or older than the course."""

    @abstractmethod
    def sources(self, course: Course, part: Part, keys: Path) -> dict[str, bytes]:
        """Return what reports depend on beside tables, given code and hidden tests of the part, by name."""

    @abstractmethod
    def handed_out(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the answer files as students get them, by their path below the course."""

    def kept_back(self, course: Course, part: Part) -> frozenset[str]:
        """Return the files in the part's folder that students do not get, by their path below the course."""
        return frozenset()

    @abstractmethod
    def secrets(self, course: Course, part: Part) -> dict[str, str]:
        """Return what students must not get, by what it is called."""

    def answers(self, course: Course, part: Part) -> dict[str, str]:
        """Return right answers by name, which no page or example for students may hold in any notation."""
        return {}

    @abstractmethod
    def shipped(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return what a bundle needs for grading beside the harness, by path."""


KINDS = {"code": "autograder.grading.code", "sheet": "autograder.grading.sheet"}


def kind_of(part: Part) -> Kind:
    """Return the kind that `part` says it is of."""
    kind: Kind = import_module(KINDS[part.kind]).KIND
    return kind
