"""What the staff grants to whom: the people in its files, and how many late days each has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.core.allowance import NOTHING, Allowance
from autograder.core.cohort import Student
from autograder.core.people import People, Person, allowance_of, merged


class Spent:
    """How many late days each student used in earlier parts; `rows` are what their gradebooks say."""

    def __init__(self, rows: Sequence[tuple[Person, int]] = ()) -> None:
        self._people = People(merged(person for person, _ in rows))
        self._days: dict[Person, int] = {}
        for person, days in rows:
            owner = self._people.find(person.student()) or person
            self._days[owner] = self._days.get(owner, 0) + days

    @property
    def persons(self) -> Mapping[Person, int]:
        """Return who used late days, and how many."""
        return {person: days for person, days in self._days.items() if days}

    def of(self, student: Student) -> int:
        """Return how many days `student` has used."""
        person = self._people.find(student)
        return self._days.get(person, 0) if person else 0


@dataclass(frozen=True)
class Grants:
    """What is granted to each student, by `people` of the staff's files.

    Attributes: late_days  in a purse for all parts, unless a person has another number;
                spent      what earlier parts took out of it.
    """

    people: People = field(default_factory=lambda: People(()))
    late_days: int = 0
    spent: Spent = field(default_factory=Spent)

    def find(self, students: Sequence[Student], called: str = "") -> list[Person | None]:
        """Return who the `students` are; without any, whose submission is `called` so."""
        return [self.people.find(each) for each in students] if students else [self.people.called(called)]

    def to(self, students: Sequence[Student], called: str = "") -> Allowance:
        """Return what is granted to a submission of `students`; the fewest late days of a group count."""
        found = self.find(students, called)
        granted = allowance_of([person for person in found if person])
        if not self.spent.persons:
            return granted
        owners = students or [person.student() for person in found if person]
        left = [
            self.purse(person) - self.spent.of(student)
            for student, person in zip(owners, found if students else filter(None, found), strict=True)
        ]
        days = max(0, min(left)) if left else None
        return replace(granted, late_days=days)

    def purse(self, person: Person | None) -> int:
        """Return how many late days `person` has in all parts together."""
        own = person.late_days if person else None
        return self.late_days if own is None else own

    def worth_telling(self) -> tuple[Person, ...]:
        """Return the persons to whom something is granted, each with what is left of the purse."""
        new = [person for person in self.spent.persons if not self.people.find(person.student())]
        told = [(person, self.to([person.student()])) for person in (*self.people.persons, *new)]
        usual = Allowance(late_days=self.late_days)
        return tuple(
            replace(person, late_days=granted.late_days)
            for person, granted in told
            if granted not in (NOTHING, usual)
        )
