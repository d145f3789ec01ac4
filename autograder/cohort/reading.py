"""Read what one student handed in: a zip or folder, or several files of which one part needs some."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.cohort.layouts import named
from autograder.core.cohort import Entry
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import shown
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.grading.stages import Stage
from autograder.intake.names import plain_name
from autograder.intake.nested import NoAnswers
from autograder.intake.submission import Submission

READING = Stage("autograder.cohort.reading:read_entry", "reading it")


def read_entry(entry: Entry, *, part: Part, course: Course, scratch: Path) -> Submission:
    """Read the answers of `part` out of what `entry` consists of.

    Of several zips or sheets the latest counts that holds answers of this part, with a remark where an
    earlier one holds others; the other parts' files are no matter. Without one, all files are read together.
    Raises SubmissionError if nothing can be graded.
    """
    paths = [Path(path) for path in entry.files or (entry.path,)]
    if len(paths) == 1 and not _is_loose(paths[0]):
        return kind_of(part).read(paths[0], part=part, course=course)
    found: list[tuple[str, Submission]] = []
    refusals: list[SubmissionError] = []
    for path in (path for path in reversed(paths) if not _is_loose(path)):
        try:
            found.append((path.name, kind_of(part).read(path, part=part, course=course)))
        except NoAnswers:
            continue
        except SubmissionError as error:
            refusals.append(error)
    if found:
        return _latest(found)
    with _together(paths, scratch, entry.folder) as folder:
        try:
            return kind_of(part).read(folder, part=part, course=course)
        except NoAnswers as nothing:
            raise (refusals[0] if refusals else nothing) from None


def _is_loose(path: Path) -> bool:
    """Tell whether this is one source file, which is an answer only among others."""
    return bool(plain_name(path.name, (".py",))) and not path.is_dir()


def _latest(found: Sequence[tuple[str, Submission]]) -> Submission:
    (name, submission), *earlier = found
    others = [shown(other) for other, each in earlier if each.digest != submission.digest]
    if not others:
        return submission
    remark = f"Graded is {shown(name)}, the latest; earlier answers are in {', '.join(others)}."
    return replace(submission, remarks=(remark, *submission.remarks))


@contextmanager
def _together(paths: Sequence[Path], scratch: Path, name: str) -> Iterator[Path]:
    """Lay files out in one folder, under the names that the student gave them."""
    with tempfile.TemporaryDirectory(dir=scratch) as place:
        folder = Path(place) / name
        folder.mkdir()
        for path in paths:
            if path.is_dir():
                continue
            found = named(path.name)
            target = folder / Path(found.file if found and found.file else path.name).name
            try:
                target.unlink(missing_ok=True)  # an earlier file of the same name
                os.link(path.resolve(), target)
            except OSError:
                shutil.copyfile(path, target)
        yield folder
