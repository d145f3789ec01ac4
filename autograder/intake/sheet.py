"""A zip, a folder or a YAML file → the sheet of answers in it, at any depth, under limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake, Part
from autograder.core.student_text import shown
from autograder.intake.archive import read_tree
from autograder.intake.entries import MIB, Entry
from autograder.intake.names import plain_name
from autograder.intake.nested import NoAnswers, read_nested
from autograder.intake.submission import Submission, plain_stem

SUFFIXES = (".yaml", ".yml")


def read_sheet(path: Path, *, part: Part, intake: Intake) -> Submission:
    """Read the sheet out of a zip or a folder, at any depth, or from the YAML file itself."""
    wanted, name = part.answer_files[0], plain_stem(path)
    if path.is_file() and plain_name(path.name, SUFFIXES):
        return _submission(name, wanted, _read(path, intake), called=shown(path.name))

    def read(entries: Iterable[Entry], source: str) -> Submission:
        return _read_tree(entries, source, wanted, intake, is_folder=source == outermost and path.is_dir())

    outermost = shown(path.name)
    found = read_nested(path, intake, read, digest=lambda submission: submission.digest)
    return replace(found.what, name=name, remarks=(*found.remarks(outermost), *found.what.remarks))


def _read_tree(
    entries: Iterable[Entry], source: str, wanted: str, intake: Intake, *, is_folder: bool
) -> Submission:
    """Read the sheet among the `entries` of the archive that messages call `source`."""
    tree = read_tree(
        entries, source=source, intake=intake, matters=lambda name: bool(plain_name(name, SUFFIXES)),
        choose=lambda names: _sheets(names, wanted),
    )  # fmt: skip
    named = _sheets((*tree.entries, *tree.unusable), wanted)
    found = sorted(named, key=lambda entry: (entry.count("/"), entry))
    if not found:
        raise NoAnswers(f"{source} holds no {wanted}; put your answers into a file of that name.", tree.zips)
    if len(found) > 1 and found[0].count("/") == found[1].count("/"):
        both = f"{shown(found[0])} and {shown(found[1])}"
        raise SubmissionError(f"{source} holds {both}: it is not clear which one you mean. Keep one.")
    if found[0] in tree.unusable:
        raise tree.refusal(found[0], source)
    called = shown(found[0]) if is_folder else f"{source}: {shown(found[0])}"
    return replace(_submission("", wanted, tree.contents[found[0]], called=called), remarks=tree.remarks)


def _sheets(names: Sequence[str], wanted: str) -> list[str]:
    """Return the sheets that may be meant: of the right name, of a copy's name, or the only ones there."""
    plain = {name: plain_name(name, SUFFIXES) for name in names}
    named = [name for name in names if _ends(name, wanted)]
    return named or [name for name, each in plain.items() if _ends(each, wanted)] or list(plain)


def _read(path: Path, intake: Intake) -> bytes:
    called = shown(path.name)
    try:
        if path.stat().st_size > intake.file_mib * MIB:
            raise SubmissionError(f"{called}: expected a sheet of at most {intake.file_mib} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"{called}: expected a readable file, got: {error}.") from error


def _ends(entry: str, wanted: str) -> bool:
    return f"/{entry}".casefold().endswith(f"/{wanted}".casefold())


def _submission(name: str, wanted: str, content: bytes, *, called: str) -> Submission:
    digest = hashlib.sha256(f"{wanted}\0{len(content)}\0".encode() + content).hexdigest()
    return Submission(name=name, files={wanted: content}, digest=digest, sheet=called)
