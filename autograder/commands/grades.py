"""The command `grades merge`: the gradebooks of several parts and a rubric in, one file of totals out."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.core.errors import SubmissionError
from autograder.core.people import People, Person, merged
from autograder.core.student_text import shown
from autograder.core.totals import Sheet, Total, totals
from autograder.render.gradebook import canvas_totals, rubric_rows, totals_rows
from autograder.render.results_file import require_place, write_whole

if TYPE_CHECKING:
    import argparse

WHO = ("student", "id", "sid", "login", "section")


def merge_grades(options: argparse.Namespace) -> tuple[str, ...]:
    """Write the totals, and the rubric with a row for everybody; return what to tell.

    Raises SubmissionError for a folder without a gradebook or a rubric with points that cannot be.
    """
    require_place(options.out)
    sheets = [_of_part(folder) for folder in options.folders]
    _require_distinct([sheet.name for sheet in sheets])
    told = []
    if options.rubric:
        items = _items(options.rubric, options.item)
        rows = _rows(options.rubric) if options.rubric.exists() else []
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
        yield f"{name}: {count} students have no points yet; 0 is counted."


def _of_part(folder: Path) -> Sheet:
    rows = _rows(folder / "gradebook.csv")
    most = {
        _number(row.get("max_score"), f"{folder}/gradebook.csv", place) for place, row in enumerate(rows, 2)
    }
    points = next((value for value in most if value is not None), 0.0)
    scores = [
        (_person(row), _number(row.get("score"), f"{folder}/gradebook.csv", place))
        for place, row in enumerate(rows, 2)
        if any(row.get(name) for name in WHO)
    ]
    return Sheet(folder.resolve().name, points, scores)


def _of_item(path: Path, name: str, points: float, rows: Sequence[Mapping[str, str]]) -> Sheet:
    column = f"{name} ({points:g})"
    scores = []
    for place, row in enumerate(rows, 2):
        value = _number(row.get(column), str(path), place)
        if value is not None and not 0 <= value <= points:
            raise SubmissionError(
                f"{path}, row {place}: expected points for {shown(name)} between 0 and {points:g}, "
                f"got {value:g}."
            )
        scores.append((_person(row), value))
    return Sheet(name, points, scores)


def _items(path: Path, wanted: Sequence[str]) -> dict[str, float]:
    """Return what people grade, with its points: the columns of the rubric, then what is asked for."""
    columns = [name for name in (_rows(path)[:1] or [{}])[0] if name not in WHO] if path.exists() else []
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
            f"{path}: expected what people grade; name it by --item, such as --item report=20."
        )
    return items


def _kept(
    people: Sequence[Person], rows: Sequence[Mapping[str, str]], items: Mapping[str, float]
) -> dict[Person, Mapping[str, str]]:
    """Return what the rubric holds already, by student."""
    known = People(people)
    kept: dict[Person, Mapping[str, str]] = {}
    for row in rows:
        person = known.find(_person(row).student())
        if person is not None:
            kept[person] = {name: row.get(f"{name} ({points:g})") or "" for name, points in items.items()}
    return kept


def _person(row: Mapping[str, str]) -> Person:
    told = {name: (row.get(name) or "").removeprefix("'").strip() for name in WHO}
    login = told["login"] or (row.get("email") or "").strip()
    return Person(told["student"], told["id"], told["sid"], login, told["section"])


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"{shown(str(path))}: expected a CSV file in UTF-8, such as `class` writes it, got: {error}."
        ) from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restval=""))


def _number(text: str | None, where: str, place: int) -> float | None:
    if not (text or "").strip():
        return None
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SubmissionError(f"{where}, row {place}: expected points, got {shown(str(text))}.")
    return value


def _require_distinct(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SubmissionError(
                f"{shown(name)}: two folders have this name; rename one, for it names the column."
            )
