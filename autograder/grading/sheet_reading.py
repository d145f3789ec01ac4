"""Find the sheet of answers in a zip or a folder, or take the YAML file itself; nothing is parsed here."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake, Part
from autograder.core.student_text import shown
from autograder.course import Course
from autograder.intake.archive import read_tree
from autograder.intake.entries import MIB, entries_of
from autograder.intake.submission import Submission


def read(path: Path, part: Part, course: Course) -> Submission:
    """Read the sheet of `part` as the limits of `course` have it."""
    return read_sheet(path, part=part, intake=course.manifest.intake)


def read_sheet(path: Path, *, part: Part, intake: Intake) -> Submission:
    """Read the sheet out of a zip or a folder, at any depth, or from the YAML file itself."""
    wanted, name = part.answer_files[0], path.resolve().name if path.is_dir() else path.stem
    if path.is_file() and path.suffix.casefold() in (".yaml", ".yml"):
        return _submission(name, wanted, _read(path, intake), called=shown(path.name))
    with entries_of(path, intake) as entries:
        tree = read_tree(
            entries, source=shown(path.name), intake=intake,
            choose=lambda names: [name for name in names if _ends(name, wanted)],
        )  # fmt: skip
    found = sorted(tree.contents, key=lambda entry: (entry.count("/"), entry))
    if not found:
        raise SubmissionError(
            f"{shown(path.name)} holds no {wanted}; put your answers in, in a file of that name."
        )
    if len(found) > 1 and found[0].count("/") == found[1].count("/"):
        both = f"{shown(found[0])} and {shown(found[1])}"
        raise SubmissionError(f"{shown(path.name)} holds {both}: it is not clear which is meant. Keep one.")
    called = shown(found[0]) if path.is_dir() else f"{shown(path.name)}: {shown(found[0])}"
    return replace(_submission(name, wanted, tree.contents[found[0]], called=called), remarks=tree.remarks)


def _read(path: Path, intake: Intake) -> bytes:
    called = shown(path.name)
    try:
        if path.stat().st_size > intake.file_mib * MIB:
            raise SubmissionError(f"{called}: expected a sheet of at most {intake.file_mib} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"{called}: expected a file that can be read, got: {error}.") from error


def _ends(entry: str, wanted: str) -> bool:
    return f"/{entry}".casefold().endswith(f"/{wanted}".casefold())


def _submission(name: str, wanted: str, content: bytes, *, called: str) -> Submission:
    digest = hashlib.sha256(f"{wanted}\0{len(content)}\0".encode() + content).hexdigest()
    return Submission(name=name, files={wanted: content}, digest=digest, sheet=called)
