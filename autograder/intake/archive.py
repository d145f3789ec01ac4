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

Choose: TypeAlias = Callable[[Sequence[str]], Collection[str]]
Matters: TypeAlias = Callable[[str], bool]
LISTED = 3
ARCHIVES = (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst")  # those that are not read
LONGEST = 4096  # characters of a path
JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Tree:
    """All files that may be answers, by normalised name, the contents of those wanted, the files beside them.

    The entries can be read while the archive that they come from is open; the remarks say what was left out.
    """

    entries: Mapping[str, Entry]
    contents: Mapping[str, bytes]
    beside: Mapping[str, Entry]
    remarks: tuple[str, ...] = ()

    @property
    def zips(self) -> dict[str, Entry]:
        """Return the zips among them, which may hold answers."""
        return {name: entry for name, entry in self.beside.items() if name.casefold().endswith(".zip")}

    @property
    def archives(self) -> list[str]:
        """Return the names of archives that are not read."""
        return [name for name in self.beside if name.casefold().endswith(ARCHIVES)]


def read_tree(
    entries: Iterable[Entry], *, source: str, intake: Intake, matters: Matters, choose: Choose
) -> Tree:
    """Read those of the `entries` that `choose` picks out of all normalised names; messages name `source`.

    Names are normalised: forward slashes, Unicode NFC, no empty or "." steps. What systems leave behind
    (__MACOSX, ._*, .DS_Store, bytecode, virtual environments, .git) is passed over.
    Raises SubmissionError, in one sentence, for what by its name `matters` and cannot be read as it is; what
    does not matter is left out.
    """
    files, others = _parted([*_members(entries, source, intake)], source, matters)
    _refuse_size(files, source, intake)
    wanted = choose(tuple(files))
    contents: dict[str, bytes] = {}
    left = intake.total_mib * MIB
    for name in (name for name in files if name in wanted):
        contents[name] = read_entry(files[name], name, source, limit=int(min(intake.file_mib * MIB, left)))
        left -= len(contents[name])
    large = {
        name: entry
        for name, entry in {**files, **others}.items()
        if name not in wanted and entry.size > intake.file_mib * MIB
    }
    sizes = [
        f"{shown(name)} ({entry.size / MIB:.0f} MiB) is not graded and was not read."
        for name, entry in large.items()
    ]
    oddities = {name: _oddity(entry, name) for name, entry in others.items()}
    odd = [f"{shown(name)} ({oddity})" for name, oddity in oddities.items() if oddity]
    left_out = (f"Left out, because no answer file is called so: {_first(odd)}.",) if odd else ()
    beside = {name: entry for name, entry in others.items() if not oddities[name]}
    return Tree(files, contents, beside, (*sizes[:LISTED], *left_out))


def _members(entries: Iterable[Entry], source: str, intake: Intake) -> Iterator[tuple[str, Entry]]:
    """Yield the entries that are no folders with their normalised names, "" for one that leads outside.

    Raises SubmissionError for more than anybody hands in.
    """
    for count, entry in enumerate(entries):
        if count >= AT_ALL * intake.members:
            raise SubmissionError(
                f"{source} holds more than {intake.members} files; {AGAIN}: it takes answer files only."
            )
        if entry.kind != "folder":
            yield normalised(entry.path), entry


def _parted(
    members: Sequence[tuple[str, Entry]], source: str, matters: Matters
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Return the files that may be answers by normalised name, and all others, before a byte is unpacked."""
    if not members:
        raise SubmissionError(f"{source} holds no files; put your answer files in: {AGAIN}.")
    files: dict[str, Entry] = {}
    others: dict[str, Entry] = {}
    seen: dict[str, str] = {}
    environments = tuple(
        name.removesuffix(ENVIRONMENT) for name, _ in members if name.endswith(f"/{ENVIRONMENT}")
    )
    for name, entry in members:
        if is_junk(name or entry.path) or name.startswith(environments):
            continue
        if not any(map(matters, (name,) if name else (entry.path, entry.path.partition("\0")[0]))):
            others.setdefault(name or entry.path, entry)
            continue
        _refuse_outside(entry, name, source)
        _refuse_kind(entry, name, source)
        twin = seen.setdefault(name.casefold(), name)
        if name in files or twin != name:
            raise SubmissionError(
                f"{source}: {shown(name)} and {shown(twin)} are one file on some systems, so it is not clear "
                f"which is meant; keep one and {AGAIN}."
            )
        files[name] = entry
    return files, others


def _oddity(entry: Entry, name: str) -> str:
    """Say why a file that does not matter could not have been read; "" where it could."""
    if not normalised(name):
        return "its path leads outside of the zip"
    kinds = {"file": "", "link": "a link", "special": "a special file", "encrypted": "encrypted"}
    return kinds.get(entry.kind, f"packed by {entry.kind}")


def _first(names: Sequence[str]) -> str:
    listed = ", ".join(names[:LISTED])
    return listed if len(names) <= LISTED else f"{listed} and {len(names) - LISTED} more"


def _refuse_outside(entry: Entry, name: str, source: str) -> None:
    if not name:
        raise SubmissionError(
            f"{source}: the member {shown(entry.path)} points outside of the zip; expected paths such as "
            f"modules/relu.py: {AGAIN}."
        )


def _refuse_kind(entry: Entry, name: str, source: str) -> None:
    if entry.kind == "encrypted":
        raise SubmissionError(f"{source}: {shown(name)} is encrypted; {AGAIN}, without a password.")
    if entry.kind not in ("file", "link", "special"):
        raise SubmissionError(
            f"{source}: {shown(name)} is packed by {entry.kind}; expected deflate, as is usual: {AGAIN}."
        )
    if entry.kind != "file":
        raise SubmissionError(
            f"{source}: {shown(name)} is a {entry.kind}, not a plain file; put the file itself in: {AGAIN}."
        )


def _refuse_size(files: Mapping[str, Entry], source: str, intake: Intake) -> None:
    total = sum(entry.size for entry in files.values())
    if len(files) > intake.members:
        raise SubmissionError(
            f"{source} holds more than {intake.members} files; {AGAIN}: it takes answer files only."
        )
    if total > intake.total_mib * MIB:
        raise SubmissionError(
            f"{source} unpacks to more than {intake.total_mib} MiB; {AGAIN}: it takes answer files only."
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
    """Unpack one file, counting what really comes out and not what the header promises.

    Raises SubmissionError, naming `source`, for one that is damaged or larger than `limit` bytes.
    """
    content = bytearray()
    try:
        for chunk in entry.chunks():
            content += chunk
            if len(content) > limit:
                break
    except UNREADABLE as error:
        raise SubmissionError(f"{source}: {shown(name)} is damaged ({reason(error)}); {AGAIN}.") from error
    if len(content) > limit:
        raise SubmissionError(
            f"{source}: {shown(name)} is larger than the {limit / MIB:.0f} MiB that a file may have."
        )
    return bytes(content)
