"""What was handed in for a part: code, or a sheet of answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.core.manifest import Intake, Part
from autograder.intake.submission import Submission, read_submission


def read_part(path: Path, *, part: Part, intake: Intake, given: Mapping[str, bytes]) -> Submission:
    """Read the answer files of `part` out of the zip, folder or file at `path`.

    Raises SubmissionError where nothing can be graded, or where it is not clear what should be.
    """
    if part.runs_code:
        return read_submission(path, part=part, intake=intake, given=given)
    from autograder.grading.sheet import read_sheet  # brings sympy, which bundles of other parts do without

    return read_sheet(path, part=part, intake=intake)
