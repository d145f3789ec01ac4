"""Members that are one file: the same name twice, or names that some systems do not tell apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from autograder.core.manifest import Intake
from autograder.core.student_text import shown
from autograder.intake.entries import MIB, UNREADABLE, Entry


def without_twins(
    members: Iterable[tuple[str, Entry]], intake: Intake
) -> tuple[dict[str, Entry], dict[str, str]]:
    """Return the files among `members` (normalised name, entry) by name, and why the others are unusable.

    What stands there twice with equal bytes is one file. The reasons follow the name in a sentence.
    """
    groups: dict[str, list[tuple[str, Entry]]] = {}
    for name, entry in members:
        groups.setdefault(name.casefold(), []).append((name, entry))
    files: dict[str, Entry] = {}
    unusable: dict[str, str] = {}
    left = intake.total_mib * MIB  # to be compared
    for group in groups.values():
        name, entry = max(group, key=lambda member: member[0])  # lower case comes last
        size = sum(each.size for _, each in group)
        if len(group) > 1 and (size > left or not _are_same([each for _, each in group])):
            unusable |= {each: _unclear(each, [other for other, _ in group]) for each, _ in group}
        elif entry.kind != "file":
            unusable[name] = f"is {entry.kind}"
        else:
            files[name] = entry
        left -= size if len(group) > 1 else 0
    return files, unusable


def _unclear(name: str, group: Sequence[str]) -> str:
    others = [other for other in group if other != name]
    if not others:
        return "is there more than once, with different contents, so it is not clear which one you mean"
    return f"and {shown(others[0])} are the same file on some systems, so it is not clear which one you mean"


def _are_same(entries: Sequence[Entry]) -> bool:
    first, *others = entries
    if any((other.kind, other.size) != (first.kind, first.size) for other in others):
        return False
    digest = _digest(first)
    return digest is not None and all(_digest(other) == digest for other in others)


def _digest(entry: Entry) -> bytes | None:
    """Return the sha256 of what the entry holds; None if it cannot be read, or is longer than it says."""
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in entry.chunks():
            digest.update(chunk)
            size += len(chunk)
            if size > entry.size:
                return None
    except UNREADABLE:
        return None
    return digest.digest()
