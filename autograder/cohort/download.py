"""A platform's download as it comes: still zipped, or unpacked one level too deep."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.cohort.gradescope_export import METADATA
from autograder.cohort.layouts import ILIAS_TEAM, named
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import shown
from autograder.intake.archive import is_junk, normalised
from autograder.intake.entries import UNREADABLE, reason
from autograder.intake.roots import find_root

LOOKED_AT = 20
DEEPEST = 3  # folders within folders
BESIDE = (".csv", ".xlsx", ".xls", ".html", ".htm", ".txt", ".md", ".json", ".pdf")  # a platform's own lists
CLONE = "/.git/HEAD"  # in a repository: it tells a clone of GitHub Classroom
LARGEST = 64 * 2**30  # bytes of a class


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Yield the folder at `path`, or one with what the zip at `path` holds, for as long as it is needed.

    Raises SubmissionError if the zip cannot be unpacked.
    """
    inner = _zipped(path)
    if not path.is_file() and inner is None:
        yield path
        return
    path = inner or path
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

    That is so where a platform named what is there, at most DEEPEST folders down, or where several things
    in the first folder hold answers of `part`.
    What holds an export's metadata under another name than an export's is a submission in any case.
    """
    place: Path | None = folder
    for depth in range(DEEPEST):
        place = _only_folder(children(place)) if place else None
        if place is None:
            break
        own = {entry.casefold() for entry in (*part.collect, part.folder)}
        inside = children(place)
        if any(each.name.casefold() in own for each in inside):
            break
        many = [each for each in inside if each.is_dir() or each.name.casefold().endswith(".zip")]
        is_named = any(is_platforms(each.name) for each in inside)
        is_named = is_named and all(is_platforms(each.name) for each in many)
        if is_named or (not depth and sum(holds_answers(each, part) for each in many[:LOOKED_AT]) > 1):
            return place
    return folder


def is_platforms(name: str) -> bool:
    """Tell whether a platform writes such a name for a student's work or for a team's folder."""
    return named(name) is not None or ILIAS_TEAM.fullmatch(name) is not None


def _only_folder(children: Sequence[Path]) -> Path | None:
    """Return the folder that is alone or beside a platform's lists, if it may be the class."""
    folders = [each for each in children if each.is_dir()]
    others = [each for each in children if not each.is_dir()]
    if len(folders) != 1 or is_platforms(folders[0].name) or (folders[0] / METADATA).exists():
        return None
    return folders[0] if all(each.suffix.casefold() in BESIDE for each in others) else None


def _zipped(folder: Path) -> Path | None:
    """Return the only thing in `folder` where that is a download's zip, told by the names in it."""
    found = [each for each in folder.iterdir() if not is_junk(each.name)] if folder.is_dir() else []
    if len(found) != 1 or not zipfile.is_zipfile(found[0]) or named(found[0].name):
        return None
    try:
        with zipfile.ZipFile(found[0]) as archive:
            ways = [way for name in archive.namelist() if (way := normalised(name)) and not is_junk(way)]
    except UNREADABLE:
        return None
    return found[0] if ways and all(any(map(is_platforms, way.split("/"))) for way in ways) else None


def holds_answers(path: Path, part: Part) -> bool:
    """Tell by the names in a folder or zip whether answers of `part` are in it."""
    try:
        if path.is_dir():
            names = [each.relative_to(path).as_posix() for each in path.rglob("*.py")]
            if not names:
                return any(holds_answers(each, part) for each in sorted(path.rglob("*.zip"))[:LOOKED_AT])
        else:
            with zipfile.ZipFile(path) as archive:
                names = [normalised(name) for name in archive.namelist()]
            if any(name.casefold().endswith(".zip") for name in names):
                return True  # what is in there is found out when it is read
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
            is_useless = is_junk(name) and not name.endswith(CLONE)
            if info.is_dir() or not name or is_useless or is_link:
                continue
            left -= info.file_size
            if left < 0:
                raise SubmissionError(f"{shown(path.name)} unpacks to more than {LARGEST // 2**30} GiB.")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, open(target, "xb") as file:
                shutil.copyfileobj(source, file)
