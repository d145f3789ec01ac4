"""Whose submission is whose, by the staff's files: names, grants, and who handed in nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.cohort.roster import Roster
from autograder.core.cohort import Entry
from autograder.core.people import People, Person, allowance_of
from autograder.core.student_text import shown
from autograder.grading.folders import as_folder, free_name

NOTHING_HANDED_IN = "Handed in nothing."


def assigned(roster: Roster, people: People) -> Roster:
    """Return `roster` with everybody in `people`: the submissions' students, and a row for who has none."""
    if not people.persons:
        return roster
    seen: set[str] = set()
    entries, remarks = [], list(roster.remarks)
    for entry in roster.entries:
        persons = [person for person in _persons(entry, people) if person is not None]
        seen |= {person.who for person in persons}
        entries.append(_with_persons(entry, people))
        if people.is_roster and not persons and not entry.remark:
            remarks.append(f"{shown(entry.who)}: in none of the files of --students.")
    absent = [person for person in people.persons if person.who not in seen]
    taken = {entry.folder.casefold() for entry in entries}
    entries += [_absent(person, taken) for person in absent]
    return replace(roster, entries=tuple(entries), remarks=tuple(remarks))


def _absent(person: Person, taken: set[str]) -> Entry:
    folder = free_name(as_folder(person.who), taken)
    granted = allowance_of([person])
    return Entry(folder, person.who, "", (person.student(),), remark=NOTHING_HANDED_IN, allowance=granted)


def _persons(entry: Entry, people: People) -> Iterator[Person | None]:
    if entry.students:
        yield from map(people.find, entry.students)
    elif not entry.remark:  # an earlier submission of somebody belongs to nobody
        yield people.called(entry.name)


def _with_persons(entry: Entry, people: People) -> Entry:
    found = list(_persons(entry, people))
    if entry.students:
        students = tuple(
            person.student(known) if person else known
            for person, known in zip(found, entry.students, strict=True)
        )
    else:
        students = tuple(person.student() for person in found if person)
    granted = allowance_of([person for person in found if person])
    return replace(entry, students=students, allowance=granted)
