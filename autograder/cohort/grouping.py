"""Files and folders of a class → one Entry per student, whatever the platform calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from autograder.cohort.contradictions import contradicted
from autograder.cohort.layouts import ILIAS_TEAM, Named, named
from autograder.core.cohort import Entry, Student
from autograder.core.student_text import shown

NAMELESS = (
    "Canvas hides the names of {count} (anonymous marking): they have no row in canvas.csv. To get rows, "
    "turn it off and download again."
)


@dataclass(frozen=True)
class Grouped:
    """The submissions, the platform ("" for none), remarks, and what belongs to none of them."""

    entries: tuple[Entry, ...]
    layout: str
    remarks: tuple[str, ...]
    others: tuple[Path, ...]


def grouped(
    children: Sequence[Path], suffixes: tuple[str, ...], holds_answers: Callable[[Path], bool]
) -> Grouped:
    """Make one submission of all files of a student; judge each name by itself.

    A name that no platform writes, or that other names contradict, is a separate submission if it is a
    folder or has one of the `suffixes`; `holds_answers` tells whether a zip has answers of the part.
    """
    owners: dict[tuple[str, str], list[tuple[Named, Path]]] = {}
    plain, others = list[Path](), list[Path]()
    for child in children:
        if found := named(child.name):
            owners.setdefault((found.layout, found.owner), []).append((found, child))
    refused = contradicted(owners.values(), holds_answers)
    owners = {key: files for key, files in owners.items() if files[0][1] not in refused}
    known = {path for files in owners.values() for _, path in files}
    for child in children:
        if child not in known:
            is_one = child.is_dir() or child.name.casefold().endswith(suffixes)
            (plain if is_one else others).append(child)
    layouts = sorted({layout for layout, _ in owners})
    remarks, nameless = list[str](), 0
    logins = _repositories(plain)
    entries = [_plain(child, logins.get(child.name, "")) for child in plain]
    layouts += ["GitHub Classroom"] if logins else []
    for files in owners.values():
        entry = _entry(sorted(files, key=lambda file: (file[0].order, file[1].name)))
        nameless += not entry.students
        remarks += [f"{shown(entry.name)}: {entry.remark}"] if entry.remark else []
        entries.append(entry)
    if nameless:
        what = f"{nameless} submission{'s' if nameless > 1 else ''}"
        remarks.append(NAMELESS.format(count=what))
    entries.sort(key=lambda entry: entry.name)
    return Grouped(tuple(entries), " and ".join(layouts), tuple(remarks), tuple(others))


def _plain(path: Path, login: str) -> Entry:
    """Return the submission that no platform named: of the student with this `login`, or of a team."""
    if login:
        return Entry("", path.name, str(path), (Student(login, login=login),))
    members = [(who, each) for each in _members(path) if (who := named(each.name)) and who.student]
    if members:
        students = tuple(who.student for who, _ in members if who.student)
        files = tuple(map(str, _in_folders([each for _, each in members])))
        return Entry("", path.name, files[-1], students, files=files)
    return Entry("", path.name if path.is_dir() else path.stem, str(path))


def _members(path: Path) -> list[Path]:
    """Return the folders of a team's students, if `path` is a team's."""
    is_team = path.is_dir() and ILIAS_TEAM.fullmatch(path.name)
    return sorted(each for each in path.iterdir() if each.is_dir()) if is_team else []


def _repositories(plain: Sequence[Path]) -> dict[str, str]:
    """Return whose repository each clone is: GitHub Classroom calls them <assignment>-<login>."""
    names = [path.name for path in plain if path.is_dir() and (path / ".git").exists()]
    steps = [name.split("-") for name in names]
    shared = len(
        list(takewhile(lambda same: len(set(same)) == 1, zip(*(each[:-1] for each in steps), strict=False)))
    )
    if len(names) < 2 or not shared:
        return {}
    return {name: "-".join(each[shared:]) for name, each in zip(names, steps, strict=True)}


def _entry(files: Sequence[tuple[Named, Path]]) -> Entry:
    """Return the submission that the `files` of one student make, the oldest first."""
    last = files[-1][0]
    kept = [path for found, path in files if found.upload == last.upload and not found.is_text]
    kept = kept or [path for _, path in files]
    earlier = sorted({found.upload for found, _ in files} - {last.upload})
    remark = f"Earlier uploads were left out: {', '.join(map(shown, earlier))}." if earlier else ""
    who = last.student.name if last.student else last.owner
    name = f"{who}_{last.owner}" if last.student else who
    students = (last.student,) if last.student else ()
    paths = tuple(map(str, _in_folders(kept)))
    is_late = any(found.is_late for found, _ in files)
    return Entry("", name, paths[-1], students, is_late=is_late, remark=remark, files=paths)


def _in_folders(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the paths; folders of the same student that hold nothing are passed over, unless all do."""
    held = [path for path in paths if not path.is_dir() or any(path.iterdir())]
    yield from held or paths
