"""Whose submission is whose, by the staff's files: names, grants, and who handed in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.cohort.roster import Roster
from autograder.core.cohort import Entry
from autograder.core.grants import Grants
from autograder.core.people import Person
from autograder.core.student_text import shown
from autograder.grading.folders import as_folder, free_name

NOTHING_HANDED_IN = "Handed in nothing."


def assigned(roster: Roster, grants: Grants) -> Roster:
    """Return `roster` with what is granted to each, and a row for everybody who handed in nothing."""
    people = grants.people
    if not people.persons and not grants.spent.persons:
        return roster
    seen: set[str] = set()
    entries, remarks = [], list(roster.remarks)
    for entry in roster.entries:
        found = _persons(entry, grants)
        persons = [person for person in found if person is not None]
        seen |= {person.who for person in persons}
        entries.append(_with_persons(entry, found, grants))
        if people.is_roster and not persons and not entry.remark:
            remarks.append(f"{shown(entry.who)}: not in any of the files of --students.")
    absent = [person for person in people.persons if person.who not in seen]
    taken = {entry.folder.casefold() for entry in entries}
    entries += [_absent(person, taken, grants) for person in absent]
    return replace(roster, entries=tuple(entries), remarks=tuple(remarks))


def _absent(person: Person, taken: set[str], grants: Grants) -> Entry:
    folder, students = free_name(as_folder(person.who), taken), (person.student(),)
    granted = grants.to(students)
    return Entry(folder, person.who, "", students, remark=NOTHING_HANDED_IN, allowance=granted)


def _persons(entry: Entry, grants: Grants) -> list[Person | None]:
    """Return who handed `entry` in; an earlier submission of somebody, which a remark tells, is nobody's."""
    return grants.find(entry.students, entry.name) if entry.students or not entry.remark else []


def _with_persons(entry: Entry, found: Sequence[Person | None], grants: Grants) -> Entry:
    if entry.students:
        students = tuple(
            person.student(known) if person else known
            for person, known in zip(found, entry.students, strict=True)
        )
    else:
        students = tuple(person.student() for person in found if person)
    granted = grants.to(students) if students else entry.allowance
    return replace(entry, students=students, allowance=granted)
