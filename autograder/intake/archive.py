"""Read a zip or a folder into memory, under limits, and refuse what no honest archive holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake
from autograder.core.student_text import shown
from autograder.intake.entries import (
    AGAIN,
    AT_ALL,
    ENVIRONMENT,
    JUNK_FOLDERS,
    MIB,
    UNREADABLE,
    Entry,
    reason,
)
from autograder.intake.links import followed
from autograder.intake.twins import without_twins

Choose: TypeAlias = Callable[[Sequence[str]], Collection[str]]
Matters: TypeAlias = Callable[[str], bool]
LISTED = 3
ARCHIVES = (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst")  # those that are not read
LONGEST = 4096  # characters of a path
JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Unusable(Exception):
    """A file cannot be read as it is; says why not, in words that follow its name."""


@dataclass(frozen=True)
class Tree:
    """All files that may be answers, by normalised name, the contents of those wanted, the files beside them.

    The entries can be read while the archive that they come from is open; the remarks say what was left out.
    `unusable` are those that may be answers and cannot be read: why not, in words that follow the name.
    """

    entries: Mapping[str, Entry]
    contents: Mapping[str, bytes]
    beside: Mapping[str, Entry]
    unusable: Mapping[str, str]
    remarks: tuple[str, ...] = ()

    def refusal(self, name: str, source: str) -> SubmissionError:
        """Return why the unusable file called `name` in `source` cannot be graded."""
        return SubmissionError(f"{source}: {shown(name)} {self.unusable[name]}; {AGAIN}.")

    @property
    def zips(self) -> dict[str, Entry]:
        """Return the zips among them, which may hold answers."""
        return {name: entry for name, entry in self.beside.items() if name.casefold().endswith(".zip")}

    @property
    def archives(self) -> list[str]:
        """Return the names of archives that are not read."""
        return [name for name in self.beside if name.casefold().endswith(ARCHIVES)]


def read_tree(
    entries: Iterable[Entry],
    *,
    source: str,
    intake: Intake,
    matters: Matters,
    choose: Choose,
    folders: Collection[str] = (),
) -> Tree:
    """Read those of the `entries` that `choose` picks out of all normalised names; messages name `source`.

    Names are normalised: forward slashes, Unicode NFC, no empty or "." steps. What systems leave behind
    (__MACOSX, ._*, .DS_Store, bytecode, virtual environments, .git) is passed over. Links that stay inside
    are followed: to files, and in the place of one of the `folders` to the files in there.
    What cannot be read as it is, is unusable where by its name it `matters`, and left out where it does not.
    Raises SubmissionError, in one sentence, for what `matters` and leads outside, and for too much of it.
    """
    members = followed(
        [*_members(entries, source, intake)],
        is_part_folder=lambda name: name.casefold().rpartition("/")[2] in folders,
    )
    files, others, unusable = _parted(members, source, intake, matters)
    _refuse_size(files, source, intake)
    wanted = choose((*files, *unusable))
    contents: dict[str, bytes] = {}
    left = intake.total_mib * MIB
    for name in (name for name in files if name in wanted):
        try:
            contents[name] = unpacked(files[name], limit=int(min(intake.file_mib * MIB, left)))
        except Unusable as error:
            unusable[name] = str(error)
        else:
            left -= len(contents[name])
    oddities = {name: _oddity(entry, name) for name, entry in others.items()}
    unasked = {name: why for name, why in unusable.items() if name not in wanted}
    beside = {name: entry for name, entry in others.items() if not oddities[name]}
    large = {name: entry for name, entry in {**files, **others}.items() if name not in wanted}
    return Tree(
        files, contents, beside, unusable, (*_too_large(large, intake), *_odd({**unasked, **oddities}))
    )


def _too_large(entries: Mapping[str, Entry], intake: Intake) -> list[str]:
    """Say which of these, which nobody asks for, are larger than a file may be."""
    return [
        f"{shown(name)} ({entry.size / MIB:.0f} MiB) is not graded and was not read."
        for name, entry in entries.items()
        if entry.size > intake.file_mib * MIB
    ][:LISTED]


def _odd(reasons: Mapping[str, str]) -> list[str]:
    """Say which of these, which nobody asks for, could not have been read, and why."""
    odd = [f"{shown(name)} ({why.removeprefix('is ')})" for name, why in reasons.items() if why]
    return [f"Left out, because no answer file has this name: {_first(odd)}."] if odd else []


def _members(entries: Iterable[Entry], source: str, intake: Intake) -> Iterator[tuple[str, Entry]]:
    """Yield the entries that are no folders with their normalised names, "" for one that leads outside.

    Raises SubmissionError for more than anybody hands in.
    """
    for count, entry in enumerate(entries):
        if count >= AT_ALL * intake.members:
            raise _too_many(source, intake)
        if entry.kind != "folder":
            yield normalised(entry.path), entry


def _parted(
    members: Sequence[tuple[str, Entry]], source: str, intake: Intake, matters: Matters
) -> tuple[dict[str, Entry], dict[str, Entry], dict[str, str]]:
    """Return the files that may be answers by normalised name, all others, and why some are unusable."""
    if not members:
        raise SubmissionError(f"{source} holds no files; put your answer files in: {AGAIN}.")
    mattering: list[tuple[str, Entry]] = []
    others: dict[str, Entry] = {}
    environments = tuple(
        name.removesuffix(ENVIRONMENT) for name, _ in members if name.endswith(f"/{ENVIRONMENT}")
    )
    for name, entry in members:
        if is_junk(name or entry.path) or name.startswith(environments):
            continue
        if any(map(matters, (name,) if name else (entry.path, entry.path.partition("\0")[0]))):
            _refuse_outside(entry, name, source)
            mattering.append((name, entry))
        else:
            others.setdefault(name or entry.path, entry)
    if len(mattering) > intake.members:
        raise _too_many(source, intake)
    files, unusable = without_twins(mattering, intake)
    return files, others, unusable


def _oddity(entry: Entry, name: str) -> str:
    """Say why a file that does not matter could not have been read; "" if it could."""
    if not normalised(name):
        return "its path leads outside of the zip"
    return "" if entry.kind == "file" else entry.kind


def _first(names: Sequence[str]) -> str:
    listed = ", ".join(names[:LISTED])
    return listed if len(names) <= LISTED else f"{listed} and {len(names) - LISTED} more"


def _refuse_outside(entry: Entry, name: str, source: str) -> None:
    if not name:
        raise SubmissionError(
            f"{source}: the member {shown(entry.path)} points outside of the zip; expected paths such as "
            f"modules/relu.py: {AGAIN}."
        )


def _too_many(source: str, intake: Intake) -> SubmissionError:
    return SubmissionError(
        f"{source} holds more than {intake.members} files; {AGAIN}: only answer files belong in it."
    )


def _refuse_size(files: Mapping[str, Entry], source: str, intake: Intake) -> None:
    if sum(entry.size for entry in files.values()) > intake.total_mib * MIB:
        raise SubmissionError(
            f"{source} unpacks to more than {intake.total_mib} MiB; {AGAIN}: only answer files belong in it."
        )


def normalised(path: str) -> str:
    """Return the member's path with forward slashes, in NFC; "" for one that leaves the archive.

    A path that is too long for any disk stays as it is: Unicode takes its time with thousands of accents.
    """
    plain = path.replace("\\", "/")
    name = unicodedata.normalize("NFC", plain) if len(path) <= LONGEST else plain
    steps = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in steps or "\0" in name:
        return ""
    return "/".join(step for step in steps if step not in ("", "."))


def is_junk(name: str) -> bool:
    """Tell whether systems and tools leave files of this normalised name behind."""
    *folders, file = name.casefold().split("/")
    return (
        not file
        or not JUNK_FOLDERS.isdisjoint(folders)
        or file in JUNK_FILES
        or file.startswith("._")
        or file.endswith((".pyc", ".pyo"))
    )


def read_entry(entry: Entry, name: str, source: str, *, limit: int) -> bytes:
    """Unpack one file; raise SubmissionError, naming `source`, where that cannot be done within `limit`."""
    try:
        return unpacked(entry, limit=limit)
    except Unusable as error:
        raise SubmissionError(f"{source}: {shown(name)} {error}; {AGAIN}.") from error


def unpacked(entry: Entry, *, limit: int) -> bytes:
    """Unpack one file, counting what really comes out and not what the header promises.

    Raises Unusable for one that is damaged or larger than `limit` bytes.
    """
    content = bytearray()
    try:
        for chunk in entry.chunks():
            content += chunk
            if len(content) > limit:
                raise Unusable(f"is larger than the {limit / MIB:.0f} MiB allowed for a file")
    except UNREADABLE as error:
        raise Unusable(f"is damaged ({reason(error)})") from error
    return bytes(content)
