"""Course totals: what each student has in every part and in what people grade, found by id, login or name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.core.people import People, Person, merged


@dataclass(frozen=True)
class Sheet:
    """One column of the totals: a part, or what people grade, with each student's points; None if open."""

    name: str
    points: float
    scores: Sequence[tuple[Person, float | None]]


@dataclass(frozen=True)
class Total:
    """One student's row: points by sheet, and the names of the sheets that have none."""

    person: Person
    scores: Mapping[str, float]
    missing: tuple[str, ...]

    @property
    def total(self) -> float:
        """Return the sum of what is there."""
        return round(math.fsum(self.scores.values()), 6)


def totals(sheets: Sequence[Sheet]) -> tuple[Total, ...]:
    """Return a row for each student of any of the `sheets`, in the order in which they come up.

    Two rows of one student in one sheet count once, with the better points.
    """
    people = People(merged(person for sheet in sheets for person, _ in sheet.scores))
    found: dict[Person, dict[str, float]] = {person: {} for person in people.persons}
    for sheet in sheets:
        for person, points in sheet.scores:
            owner = people.find(person.student()) or person
            if points is not None:
                mine = found.setdefault(owner, {})
                mine[sheet.name] = max(points, mine.get(sheet.name, 0.0))
    names = [sheet.name for sheet in sheets]
    return tuple(
        Total(person, scores, tuple(name for name in names if name not in scores))
        for person, scores in found.items()
    )
