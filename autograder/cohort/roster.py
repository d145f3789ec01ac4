"""A folder full of submissions → one Entry each: zips and folders, a Gradescope export, a Canvas download."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.cohort.download import holds_answers, innermost
from autograder.cohort.gradescope_export import METADATA, read_export
from autograder.cohort.grouping import grouped
from autograder.cohort.ledger import HIDDEN
from autograder.core.cohort import Entry
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import shown
from autograder.grading.folders import as_folder, free_name, require_apart
from autograder.grading.kind import kind_of
from autograder.intake.entries import JUNK_FOLDERS

ARCHIVES = (
    ".zip",
    ".rar",
    ".7z",
    ".gz",
    ".tgz",
    ".tar",
    ".bz2",
    ".xz",
)  # all but .zip: graded, to say what is wrong
EXPORT = re.compile(r"assignment_\d+_export.*")  # what Gradescope calls the folder of an export


@dataclass(frozen=True)
class Roster:
    """The submissions in a folder, in the order of their names, and remarks for the staff.

    `kind` is "folder", "Gradescope export", or a platform's download, such as "Canvas download".
    """

    kind: str
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()


def read_roster(folder: Path, *, part: Part, out: Path) -> Roster:
    """List the submissions in `folder`; the reports go to `out`, which must be elsewhere.

    Raises SubmissionError if there are none, if `folder` is one submission, or if `out` is in it.
    """
    if not folder.is_dir():
        what = "a file; unpack it first" if folder.exists() else "nothing there"
        raise SubmissionError(f"{folder}: expected a folder of submissions, found {what}.")
    if out.exists() and not out.is_dir():
        raise SubmissionError(
            f"--out {out}: expected a folder to write to, found a file; choose another one."
        )
    require_apart(out, folder)
    if any((folder / file).is_file() for file in part.answer_files):
        raise SubmissionError(
            f"{folder}: expected a folder of submissions, found one submission; use `grade` for it."
        )
    children = _children(innermost(folder, _children, part))
    export, suffixes = _find_export(folder, _children(folder)), kind_of(part).suffixes
    roster = _from_gradescope(export) if export else _from_files(children, (*ARCHIVES, *suffixes), part)
    if not export:
        roster = replace(roster, remarks=(*roster.remarks, *_claims(children)))
    if not roster.entries:
        found = ", ".join(shown(child.name) for child in children[:5]) or "nothing"
        raise SubmissionError(
            f"{folder} holds no submissions: expected zips or folders, a Gradescope export or a Canvas "
            f"download, found {found}."
        )
    return replace(roster, entries=tuple(_with_own_folders(roster.entries, _taken(folder, out))))


def _children(folder: Path) -> list[Path]:
    try:
        children = sorted(folder.iterdir(), key=lambda child: child.name)
    except OSError as error:
        raise SubmissionError(f"{folder}: expected a folder that can be read, got: {error}.") from error
    return [
        child
        for child in children
        if child.name.casefold() not in JUNK_FOLDERS
        and (
            not child.name.startswith(".")
            or (child.name.casefold().endswith(".zip") and child.name[1] != "_")
        )
    ]


def _find_export(folder: Path, children: Sequence[Path]) -> Path | None:
    """Return the folder of a Gradescope export: `folder`, or what is alone in it under an export's name.

    A folder under any other name is a submission, and what a student packs into it says nothing of the class.
    """
    if (folder / METADATA).is_file():
        return folder
    alone = children[0] if len(children) == 1 and EXPORT.fullmatch(children[0].name) else None
    return alone if alone and (alone / METADATA).is_file() else None


def _claims(children: Iterable[Path]) -> Iterator[str]:
    """Yield a remark for every submission that holds an export's metadata."""
    for child in children:
        if (child / METADATA).is_file():
            yield (
                f"{shown(child.name)} holds a {METADATA}; it is graded as one submission, and that file "
                "is ignored. If it is the export of the class, give its path instead."
            )


def _from_gradescope(folder: Path) -> Roster:
    known = read_export(folder / METADATA)
    submitters = known.students
    present = {
        child.name if child.is_dir() else child.stem: child
        for child in _children(folder)
        if child.is_dir() or child.name.casefold().endswith(".zip")
    }
    entries, remarks = [], list(known.remarks)
    for name in sorted({*submitters, *present}):
        path = present.get(name)
        remark = "" if name in submitters else f"{METADATA} does not say whose submission this is."
        if remark:
            remarks.append(f"{shown(name)}: {remark}")
        students, when = submitters.get(name, ()), known.times.get(name)
        entries.append(Entry("", name, str(path or ""), students, remark=remark, handed_in=when))
    return Roster("Gradescope export", tuple(entries), tuple(remarks))


def _from_files(children: Sequence[Path], suffixes: tuple[str, ...], part: Part) -> Roster:
    found = grouped(children, suffixes, lambda path: holds_answers(path, part))
    kind = f"{found.layout} download" if found.layout else "folder"
    remarks = found.remarks
    if found.others:
        listed = ", ".join(shown(path.name) for path in found.others[:5])
        more = ", …" if len(found.others) > 5 else ""
        remarks += (f"Not graded, because they are neither zip nor folder: {listed}{more}.",)
    return Roster(kind, found.entries, remarks)


def _taken(folder: Path, out: Path) -> set[str]:
    """Return the names in `out` that no submission may have: our own, and the first step to `folder`."""
    inside, base = folder.resolve(), out.resolve()
    way = inside.relative_to(base).parts[:1] if inside.is_relative_to(base) else ()
    return {name.casefold() for name in (HIDDEN, *way)}


def _with_own_folders(entries: Iterable[Entry], taken: set[str]) -> Iterator[Entry]:
    """Give every entry its own folder name that is fit for a disk, an address and a shell."""
    for entry in entries:
        plain = as_folder(entry.name)
        folder = free_name(plain, taken)
        remark = entry.remark
        if folder.casefold() != plain.casefold() and not remark:
            remark = f"Another submission is also called {plain}; the reports of this one are in {folder}."
        yield replace(entry, folder=folder, remark=remark)
