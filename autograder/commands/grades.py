"""The command `grades merge`: the gradebooks of several parts and a rubric in, one file of totals out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cohort.gradebook_files import (
    WHO,
    person_of,
    points_in,
    read_rows,
    read_spent,
    require_purses,
    require_told_apart,
)
from autograder.cohort.people_files import read_people
from autograder.core.errors import SubmissionError
from autograder.core.grants import Grants
from autograder.core.people import People, Person, merged
from autograder.core.student_text import shown
from autograder.core.totals import Sheet, Total, totals
from autograder.render.gradebook import canvas_totals, rubric_rows, totals_rows
from autograder.render.results_file import require_place, write_whole

if TYPE_CHECKING:
    import argparse


def merge_grades(options: argparse.Namespace, *, late_days: int = 0) -> tuple[str, ...]:
    """Write the totals, and the rubric with a row for everybody; return what to tell.

    `late_days` are in each student's purse, as the manifest has it.

    Raises SubmissionError for a folder without a gradebook or a rubric with points that cannot be.
    """
    require_place(options.out)
    sheets = [_of_part(folder) for folder in options.folders]
    _require_distinct([sheet.name for sheet in sheets])
    require_purses(read_spent(options.folders), Grants(read_people(options.students), late_days))
    told = []
    if options.rubric:
        items = _items(options.rubric, options.item)
        rows = read_rows(options.rubric) if options.rubric.exists() else []
        given = [_of_item(options.rubric, name, points, rows) for name, points in items.items()]
        people = merged(person for sheet in (*sheets, *given) for person, _ in sheet.scores)
        if len(people) > len(rows) or set(options.item) - set(rows[0] if rows else ()):
            write_whole(options.rubric, rubric_rows(people, items, _kept(people, rows, items)))
            told.append(f"{options.rubric}: fill in the points, then run this again.")
        sheets += given
    found = totals(sheets)
    write_whole(options.out, totals_rows(found, sheets))
    told.append(f"{options.out}: {len(found)} students, of {sum(sheet.points for sheet in sheets):g} points.")
    if options.canvas_column:
        place = options.out.with_name(f"{options.out.stem}-canvas.csv")
        write_whole(place, canvas_totals(found, sheets, options.canvas_column))
        told.append(f"{place}: for Canvas.")
    return (*told, *_open(found))


def _open(found: Sequence[Total]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for total in found:
        for name in total.missing:
            counts[name] = counts.get(name, 0) + 1
    for name, count in counts.items():
        yield f"{name}: {count} students have no points yet; they count as 0."


def _of_part(folder: Path) -> Sheet:
    rows = read_rows(folder / "gradebook.csv")
    require_told_apart(folder / "gradebook.csv", rows)
    most = {
        points_in(row.get("max_score"), f"{folder}/gradebook.csv", place) for place, row in enumerate(rows, 2)
    }
    points = next((value for value in most if value is not None), 0.0)
    scores = [
        (person_of(row), points_in(row.get("score"), f"{folder}/gradebook.csv", place))
        for place, row in enumerate(rows, 2)
        if any(row.get(name) for name in WHO)
    ]
    return Sheet(folder.resolve().name, points, scores)


def _of_item(path: Path, name: str, points: float, rows: Sequence[Mapping[str, str]]) -> Sheet:
    column = f"{name} ({points:g})"
    scores = []
    for place, row in enumerate(rows, 2):
        value = points_in(row.get(column), str(path), place)
        if value is not None and not 0 <= value <= points:
            raise SubmissionError(
                f"{path}, row {place}: expected points for {shown(name)} between 0 and {points:g}, "
                f"got {value:g}."
            )
        scores.append((person_of(row), value))
    return Sheet(name, points, scores)


def _items(path: Path, wanted: Sequence[str]) -> dict[str, float]:
    """Return what people grade, with its points: the columns of the rubric, then what is asked for."""
    columns = [name for name in (read_rows(path)[:1] or [{}])[0] if name not in WHO] if path.exists() else []
    items: dict[str, float] = {}
    for text in (*columns, *wanted):
        name, _, points = text.rstrip(")").rpartition("(" if text.endswith(")") else "=")
        try:
            items[name.strip()] = float(points)
        except ValueError:
            name = ""
        if (
            not name.strip()
            or not math.isfinite(items.get(name.strip(), math.nan))
            or items[name.strip()] <= 0
        ):
            raise SubmissionError(f"{shown(text)}: expected a name and its points, such as --item report=20.")
    if not items:
        raise SubmissionError(
            f"{path}: expected the items that people grade; name them with --item, such as --item report=20."
        )
    return items


def _kept(
    people: Sequence[Person], rows: Sequence[Mapping[str, str]], items: Mapping[str, float]
) -> dict[Person, Mapping[str, str]]:
    """Return what the rubric holds already, by student."""
    known = People(people)
    kept: dict[Person, Mapping[str, str]] = {}
    for row in rows:
        person = known.find(person_of(row).student())
        if person is not None:
            kept[person] = {name: row.get(f"{name} ({points:g})") or "" for name, points in items.items()}
    return kept


def _require_distinct(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SubmissionError(
                f"{shown(name)}: two folders have this name; rename one, because the name is used for the "
                "column."
            )
