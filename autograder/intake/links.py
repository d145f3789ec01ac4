"""Links among the members of a zip or folder: followed by name where they stay inside, never on the disk.

A link is a name that means another member. Where it leads to a file that was handed in too, that file is read
in its place; every other link stays what it is, and says why it is not followed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from autograder.intake.entries import LINK, UNREADABLE, Entry

Members: TypeAlias = "Sequence[tuple[str, Entry]]"
HOPS = 8  # links on the way to one file
LONGEST = 4096  # bytes of where a link leads
DEEPEST = 32  # folders in folders that are looked at
ENDLESS = "\0"  # no member is called so
MOST_FOLDERS = 10  # links to folders whose files are read
OUTSIDE = f"{LINK} that leads outside of the submission"
NOWHERE = f"{LINK} to what is not in the submission"
FOLDER = f"{LINK} to a folder"


def followed(members: Members, *, is_part_folder: Callable[[str], bool]) -> list[tuple[str, Entry]]:
    """Return the `members` (normalised name, entry), each link that can be followed as what it means.

    A link in the place of a folder that `is_part_folder` counts for the files in there.
    """
    links = {name: _target(name, entry) for name, entry in members if name and entry.kind == LINK}
    if not links:
        return list(members)
    files = {name: entry for name, entry in members if name and entry.kind == "file"}
    folders = {""} | {above for name in files for above in _above(name.rpartition("/")[0])}
    found: list[tuple[str, Entry]] = []
    expanded = 0
    for name, entry in members:
        if entry.kind != LINK or not name:
            found.append((name, entry))
            continue
        place = _resolved(name, links)
        if place in files:
            found.append((name, replace(files[place], path=entry.path)))
        elif place and place in folders and is_part_folder(name) and expanded < MOST_FOLDERS:
            expanded += 1
            found += _moved(files, f"{place}/", f"{name}/")
        else:
            kind = FOLDER if place in folders else OUTSIDE if place is None else NOWHERE
            found.append((name, replace(entry, kind=kind)))
    return found


def _moved(files: Mapping[str, Entry], old: str, new: str) -> Members:
    return [(new + name[len(old) :], entry) for name, entry in files.items() if name.startswith(old)]


def _target(name: str, entry: Entry) -> str | None:
    """Return where the link called `name` leads, "" for the top; None if that is outside."""
    content = bytearray()
    try:
        for chunk in entry.chunks():
            content += chunk
            if len(content) > LONGEST:
                return None
    except UNREADABLE:
        return None
    target = unicodedata.normalize("NFC", content.decode("utf-8", errors="replace")).replace("\\", "/")
    return None if target.startswith("/") or "\0" in target else _joined(name.rpartition("/")[0], target)


def _joined(folder: str, path: str) -> str | None:
    """Return `path` as seen from `folder`, without "." and ".."; None if it leaves the submission."""
    steps = [step for step in folder.split("/") if step]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _resolved(path: str, links: Mapping[str, str | None]) -> str | None:
    """Return `path` without links on its way; None if that leaves the submission, ENDLESS in a circle."""
    for _ in range(HOPS):
        link = next((above for above in _above(path) if above in links), None)
        if link is None:
            return path
        target = links[link]
        if target is None:
            return None
        path = f"{target}{path[len(link) :]}".lstrip("/")
    return ENDLESS


def _above(path: str) -> Iterator[str]:
    """Yield the folders on the way to `path`, the outermost first, then `path`; no deeper than DEEPEST."""
    steps = path.split("/", DEEPEST)[:DEEPEST]
    yield from ("/".join(steps[: end + 1]) for end in range(len(steps)))
