"""A platform's download as it is: still zipped, or unpacked one level deeper than it need be."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.cohort.gradescope_export import METADATA
from autograder.cohort.layouts import named
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import shown
from autograder.intake.archive import is_junk, normalised
from autograder.intake.entries import UNREADABLE, reason
from autograder.intake.roots import find_root

LOOKED_AT = 20
LARGEST = 64 * 2**30  # bytes of a class


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Yield the folder at `path`, or one with what the zip at `path` holds, for as long as it is needed.

    Raises SubmissionError where the zip cannot be unpacked.
    """
    if not path.is_file():
        yield path
        return
    if not zipfile.is_zipfile(path):
        raise SubmissionError(f"{path}: expected a folder of submissions or a download's zip, found a file.")
    with tempfile.TemporaryDirectory(prefix="class-") as place:
        folder = Path(place) / path.stem
        folder.mkdir()
        try:
            _unpack(path, folder)
        except UNREADABLE as error:
            raise SubmissionError(
                f"{path}: expected a zip that can be unpacked, got: {reason(error)}."
            ) from error
        yield folder


def innermost(folder: Path, children: Callable[[Path], Sequence[Path]], part: Part) -> Path:
    """Return `folder`, or the only folder in it where that is plainly the class and no submission.

    That is so where a platform named what lies there, or where several things there hold answers of `part`.
    What holds an export's metadata under another name than an export's is a submission in any case.
    """
    inner = children(folder)
    if len(inner) != 1 or not inner[0].is_dir() or named(inner[0].name) or (inner[0] / METADATA).exists():
        return folder
    own = {entry.casefold() for entry in (*part.collect, part.folder)}
    inside = children(inner[0])
    if any(each.name.casefold() in own for each in inside):
        return folder
    many = [each for each in inside if each.is_dir() or each.name.casefold().endswith(".zip")]
    is_named = bool(many) and all(named(each.name) for each in many)
    is_class = is_named or sum(_holds_answers(each, part) for each in many[:LOOKED_AT]) > 1
    return inner[0] if is_class else folder


def _holds_answers(path: Path, part: Part) -> bool:
    """Tell by the names in a folder or zip whether answers of `part` are in it."""
    try:
        if path.is_dir():
            names = [each.relative_to(path).as_posix() for each in path.rglob("*.py")]
        else:
            with zipfile.ZipFile(path) as archive:
                names = [normalised(name) for name in archive.namelist()]
        return find_root([name for name in names if name], path.name, part) is not None
    except SubmissionError:  # in several places
        return True
    except UNREADABLE:
        return False


def _unpack(path: Path, folder: Path) -> None:
    left = LARGEST
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = normalised(info.orig_filename)
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if info.is_dir() or not name or is_junk(name) or is_link:
                continue
            left -= info.file_size
            if left < 0:
                raise SubmissionError(f"{shown(path.name)} unpacks to more than {LARGEST // 2**30} GiB.")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, open(target, "xb") as file:
                shutil.copyfileobj(source, file)
