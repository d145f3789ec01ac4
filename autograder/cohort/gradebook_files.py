"""Gradebooks and rubrics as they are on the disk: their rows, whose they are, and the late days they used."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.grants import Grants, Spent
from autograder.core.people import Person, folded
from autograder.core.student_text import shown

WHO = ("student", "id", "sid", "login", "section")
GRADEBOOK = "gradebook.csv"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, as `class` or a spreadsheet writes it; raise SubmissionError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"{shown(str(path))}: expected a CSV file in UTF-8, such as `class` writes it, got: {error}."
        ) from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restval=""))


def person_of(row: Mapping[str, str]) -> Person:
    """Return whose `row` it is."""
    told = {name: (row.get(name) or "").removeprefix("'").strip() for name in WHO}
    login = told["login"] or (row.get("email") or "").strip()
    return Person(told["student"], told["id"], told["sid"], login, told["section"])


def points_in(text: str | None, where: str, place: int) -> float | None:
    """Return the number in a cell of row `place`, None in an empty one; raise SubmissionError for others."""
    if not (text or "").strip():
        return None
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SubmissionError(f"{where}, row {place}: expected points, got {shown(str(text))}.")
    return value


def require_told_apart(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Refuse a gradebook in which two students share a name and have nothing else; raise SubmissionError."""
    persons = [person_of(row) for row in rows]
    alone = [each for each in persons if each.name and not (each.id or each.sid or each.login)]
    names = Counter(folded(each.name) for each in alone)
    for person in alone:
        if names[folded(person.name)] > 1:
            raise SubmissionError(
                f"{path}: two students are called {shown(person.name)}, and nothing else distinguishes "
                "them; fill in a login or id for them, or grade the class with --students."
            )


def read_spent(folders: Sequence[Path]) -> Spent:
    """Return the late days that the gradebooks in `folders`, results of earlier parts, say were used."""
    rows = []
    for folder in folders:
        found = read_rows(folder / GRADEBOOK)
        require_told_apart(folder / GRADEBOOK, found)
        rows += [(person_of(row), _days(row, folder, place)) for place, row in _named(found)]
    return Spent(rows)


def require_purses(spent: Spent, grants: Grants) -> None:
    """Refuse late days that all parts together took out of a purse which held fewer.

    Raises SubmissionError: one of the parts was graded without --earlier.
    """
    for person, days in spent.persons.items():
        purse = grants.purse(grants.people.find(person.student()))
        if days > purse:
            raise SubmissionError(
                f"{shown(person.who)}: all parts together use {days} late days, of {purse} in the purse. "
                "Grade the later part again with --earlier and the results of the one before; or, if this "
                "student has more, give --students."
            )


def _named(rows: Sequence[Mapping[str, str]]) -> list[tuple[int, Mapping[str, str]]]:
    return [(place, row) for place, row in enumerate(rows, 2) if any(row.get(name) for name in WHO)]


def _days(row: Mapping[str, str], folder: Path, place: int) -> int:
    return int(points_in(row.get("late_days"), f"{folder / GRADEBOOK}", place) or 0)
