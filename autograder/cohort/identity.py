"""Whose submission is it? Decided as for a class: by its name, or by the export that it is in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.cohort.gradescope_export import METADATA, Export, read_export
from autograder.cohort.grouping import grouped
from autograder.core.cohort import Entry
from autograder.core.errors import SubmissionError
from autograder.core.grants import Grants
from autograder.core.late import Lateness, lateness
from autograder.core.manifest import Manifest
from autograder.core.student_text import shown


def entry_of(path: Path) -> Entry:
    """Return the submission at `path` with what its name, or the export that it is in, says of it."""
    metadata = path.parent / METADATA
    if metadata.is_file():
        export = _export(metadata)
        name = path.name if path.is_dir() else path.stem
        students, when = export.students.get(name, ()), export.times.get(name)
        return Entry("", name, str(path), students, handed_in=when)
    (entry,) = grouped([path], (path.suffix.casefold(),), lambda _: False).entries
    return entry


def lateness_of(entry: Entry, manifest: Manifest, part: str) -> Lateness | None:
    """Return how late `entry` is by the deadline of `part`, if anything tells."""
    due = manifest.late.deadline(part) if manifest.late else None
    return lateness(entry.handed_in, due, is_flagged=entry.is_late)


def require_someone(entry: Entry, grants: Grants) -> None:
    """Refuse a submission of nobody in the staff's files; raise SubmissionError."""
    if grants.people.persons and not any(grants.find(entry.students, entry.name)):
        raise SubmissionError(
            f"{shown(Path(entry.path).name)}: --students has no student to whom this belongs; name it "
            "after the student's login, id or name, or leave --students out."
        )


@cache
def _export(metadata: Path) -> Export:
    return read_export(metadata)
