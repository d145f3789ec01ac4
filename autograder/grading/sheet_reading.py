"""Find the sheet of a submission; `stages.py` runs this where it can be killed. Nothing is parsed here."""

from __future__ import annotations

from pathlib import Path

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.intake.sheet import read_sheet
from autograder.intake.submission import Submission


def read(path: Path, *, part: Part, course: Course) -> Submission:
    """Read the sheet of `part` at `path`, within the limits of `course`."""
    return read_sheet(path, part=part, intake=course.manifest.intake)
