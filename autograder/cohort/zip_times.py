"""When a zip was packed, by the clock of the machine that packed it: no proof, and used only on request."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake
from autograder.intake.entries import UNREADABLE, entries_of


def packed_at(path: Path, intake: Intake) -> datetime | None:
    """Return the latest time in the zip at `path`, as this machine's local time; None if there is none."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with (
            entries_of(path, intake),
            zipfile.ZipFile(path) as archive,
        ):  # the first refuses what is too large
            times = [datetime(*member.date_time) for member in archive.infolist()]
    except (SubmissionError, *UNREADABLE):
        return None
    return max(times).astimezone() if times else None
