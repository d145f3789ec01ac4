"""Read what was handed in for a part of code; `stages.py` runs this where it can be killed."""

from __future__ import annotations

from pathlib import Path

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.intake.submission import Submission, read_submission


def read(path: Path, *, part: Part, course: Course) -> Submission:
    """Read what `intake.submission` finds in the zip or folder at `path`."""
    return read_submission(path, part=part, intake=course.manifest.intake, given=course.given(part))
