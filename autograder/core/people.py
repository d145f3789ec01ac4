"""The students of a course as the staff lists them, and whose submission is whose."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from autograder.core.allowance import Allowance, Override, Waiver
from autograder.core.cohort import Student


@dataclass(frozen=True)
class Person:
    """One student in the staff's files; every field may be empty.

    Attributes: id     the learning platform's own (Canvas: ID);
                sid    the university's (Canvas: SIS User ID; Gradescope: SID);
                login  or e-mail address (Canvas: SIS Login ID);
                github  the name there, by which GitHub Classroom calls repositories.
    """

    name: str = ""
    id: str = ""
    sid: str = ""
    login: str = ""
    section: str = ""
    extension_hours: float = 0.0
    late_days: int | None = None
    exempt: tuple[str, ...] = ()
    reason: str = ""
    comment: str = ""
    github: str = ""
    overrides: tuple[Override, ...] = ()

    @property
    def who(self) -> str:
        """Return what to call this student."""
        return self.name or self.login or self.id or self.sid or self.github

    def student(self, known: Student | None = None) -> Student:
        """Return the student for gradebooks; `known` is what the platform told."""
        found = known or Student("")
        return Student(
            name=self.name or found.name or self.who,
            sid=self.sid or found.sid,
            email=found.email or (self.login if "@" in self.login else ""),
            canvas_id=found.canvas_id or ("" if self.id == self.sid else self.id),
            login=self.login or found.login,
            section=self.section,
            number=found.number,
        )


def allowance_of(people: Sequence[Person]) -> Allowance:
    """Return what is granted to a submission of `people`: each grant counts, and the longest extension."""
    purses = [person.late_days for person in people if person.late_days is not None]
    return Allowance(
        overrides=tuple(each for person in people for each in person.overrides),
        waivers=tuple(Waiver(policy, person.reason) for person in people for policy in person.exempt),
        comments=tuple(person.comment for person in people if person.comment),
        extension_hours=max((person.extension_hours for person in people), default=0.0),
        late_days=min(purses, default=None),
    )


class People:
    """Find persons by what platforms say of them; `is_roster` where somebody not among them is unknown."""

    def __init__(self, persons: Iterable[Person], *, is_roster: bool = False) -> None:
        self.persons, self.is_roster = tuple(persons), is_roster
        self._by_key: dict[str, set[int]] = {}
        for place, person in enumerate(self.persons):
            for key in (person.id, person.sid, person.login, person.login.partition("@")[0], person.github):
                if key:
                    self._by_key.setdefault(folded(key), set()).add(place)
        self._by_name: dict[str, set[int]] = {}
        for place, person in enumerate(self.persons):
            self._by_name.setdefault(folded(person.name), set()).add(place)

    def find(self, student: Student) -> Person | None:
        """Return who `student` is: by id, login or mail, else by a name that only one has."""
        return self._only([student.canvas_id, student.sid, student.login, student.email], student.name)

    def called(self, name: str) -> Person | None:
        """Return whose submission is called `name`: by id, login or name."""
        return self._only([name], name)

    def _only(self, keys: Iterable[str], name: str) -> Person | None:
        known = [key for key in keys if key]
        places = {place for key in known for place in self._by_key.get(folded(key), ())}
        if not places and name:
            places = self._by_name.get(folded(name), set())
        return self.persons[next(iter(places))] if len(places) == 1 else None


def merged(persons: Iterable[Person]) -> tuple[Person, ...]:
    """Join what several files say of one person: the same id, login or, without those, name."""
    kept: list[Person] = []
    for person in persons:
        same = next((place for place, old in enumerate(kept) if _is_same(old, person)), None)
        if same is None:
            kept.append(person)
        else:
            kept[same] = _joined(kept[same], person)
    return tuple(kept)


def _is_same(one: Person, other: Person) -> bool:
    pairs = [(one.id, other.id), (one.sid, other.sid), (folded(one.login), folded(other.login))]
    pairs += [(folded(one.github), folded(other.github))]
    told = [first == second for first, second in pairs if first and second]
    if not told:  # the university's id may stand in either field
        crossed = [(one.id, other.sid), (one.sid, other.id)]
        told = [first == second for first, second in crossed if first and second]
    return all(told) if told else bool(one.name) and folded(one.name) == folded(other.name)


def _joined(old: Person, new: Person) -> Person:
    empty = Person()
    told = {
        each.name: getattr(new, each.name)
        for each in fields(Person)
        if getattr(new, each.name) != getattr(empty, each.name)
    }
    return replace(old, **told)


def folded(text: str) -> str:
    """Return `text` as names are compared: upper case, blanks and ways of writing a letter aside.

    >>> folded("  Ada  LOVELACE")
    'ada lovelace'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
