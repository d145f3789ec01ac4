"""Read a zip or a folder into memory, under limits, and refuse what no honest archive holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake
from autograder.core.student_text import shown
from autograder.intake.entries import AGAIN, JUNK_FOLDERS, MIB, UNREADABLE, Entry, reason

Choose: TypeAlias = Callable[[Sequence[str]], Collection[str]]
JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Tree:
    """All files that count, by normalised name, the contents of those wanted, remarks on what was left out.

    The entries can be read while the archive that they come from is open.
    """

    entries: Mapping[str, Entry]
    contents: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()


def read_tree(entries: Iterable[Entry], *, source: str, intake: Intake, choose: Choose) -> Tree:
    """Read those of the `entries` that `choose` picks out of all normalised names; messages name `source`.

    Names are normalised: forward slashes, Unicode NFC, no empty or "." steps. What systems leave behind
    (__MACOSX, ._*, .DS_Store, bytecode, virtual environments, .git) is passed over.
    Raises SubmissionError, in one sentence, for everything else that cannot be read as it is.
    """
    files = _checked(entries, source, intake)
    wanted = choose(tuple(files))
    contents: dict[str, bytes] = {}
    remarks = []
    left = intake.total_mib * MIB
    for name, entry in files.items():
        if name not in wanted:
            if entry.size > intake.file_mib * MIB:
                remarks.append(f"{shown(name)} ({entry.size / MIB:.0f} MiB) is not graded and was not read.")
            continue
        contents[name] = read_entry(entry, name, source, limit=int(min(intake.file_mib * MIB, left)))
        left -= len(contents[name])
    return Tree(entries=files, contents=contents, remarks=tuple(remarks))


def _checked(entries: Iterable[Entry], source: str, intake: Intake) -> dict[str, Entry]:
    """Return the files that count by normalised name, before a byte of them is unpacked."""
    files: dict[str, Entry] = {}
    seen: dict[str, str] = {}
    total = 0
    for entry in entries:
        name = _normalised(entry.path, source)
        if entry.kind == "folder" or _is_junk(name):
            continue
        _refuse_kind(entry, name, source)
        twin = seen.setdefault(name.casefold(), name)
        if name in files or twin != name:
            raise SubmissionError(
                f"{source}: {shown(name)} and {shown(twin)} are one file on some systems, so it is not clear "
                f"which is meant; keep one and {AGAIN}."
            )
        files[name] = entry
        total += entry.size
        _refuse_size(len(files), total, source, intake)
    if not files:
        raise SubmissionError(f"{source} holds no files; put your answer files in: {AGAIN}.")
    return files


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


def _refuse_size(members: int, total: int, source: str, intake: Intake) -> None:
    if members > intake.members:
        raise SubmissionError(
            f"{source} holds more than {intake.members} files; {AGAIN}: it takes answer files only."
        )
    if total > intake.total_mib * MIB:
        raise SubmissionError(
            f"{source} unpacks to more than {intake.total_mib} MiB; {AGAIN}: it takes answer files only."
        )


def _normalised(path: str, source: str) -> str:
    """Return the member's path with forward slashes, in NFC; refuse paths that leave the archive."""
    name = unicodedata.normalize("NFC", path.replace("\\", "/"))
    steps = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in steps or "\0" in name:
        raise SubmissionError(
            f"{source}: the member {shown(path)} points outside of the zip; expected paths such as "
            f"modules/relu.py: {AGAIN}."
        )
    return "/".join(step for step in steps if step not in ("", "."))


def _is_junk(name: str) -> bool:
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
