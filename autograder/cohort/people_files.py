"""The staff's files on students: students.toml, a CSV of its fields, rosters of platforms."""

from __future__ import annotations

import csv
import dataclasses
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Manifest, Policy
from autograder.core.model import TestSpec
from autograder.core.people import People, Person, merged
from autograder.core.student_text import shown
from autograder.core.typed_tables import like

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GRANTS = "grants.toml"  # in a bundle for Gradescope: what its students are granted
FIELDS = tuple(field.name for field in dataclasses.fields(Person))
CANVAS = {"Student": "name", "ID": "id", "SIS User ID": "sid", "SIS Login ID": "login", "Section": "section"}
GRADESCOPE = {"SID": "sid", "Email": "login", "Section": "section", "Sections": "section", "Name": "name"}
GITHUB = {"identifier": "sid", "github_username": "github", "name": "name"}
NOBODY = ("points possible", "student, test", "test student")  # rows of Canvas's export that are no students
POLICIES = tuple(field.name for field in dataclasses.fields(Policy))


def read_people(paths: Sequence[Path]) -> People:
    """Read all `paths`; what a later one says of a person counts.

    Raises SubmissionError, naming file and entry, where one cannot be read as it is.
    """
    persons: list[Person] = []
    is_roster = False
    for path in paths:
        found, complete = _read(path)
        _require_distinct(path, found)
        persons += found
        is_roster = is_roster or complete
    return People(merged(persons), is_roster=is_roster)


def require_known(people: People, manifest: Manifest, part: str, specs: Sequence[TestSpec]) -> None:
    """Refuse overrides of parts, components or tests that are not there; raise SubmissionError."""
    for person in people.persons:
        for policy in person.exempt:
            if policy not in POLICIES:
                raise SubmissionError(
                    f"{shown(person.who)}: no policy is called {policy}{like(policy, POLICIES)}."
                )
        for each in person.overrides:
            where = f"{shown(person.who)}, override of {shown(each.component or each.test)}"
            names = [known.name for known in manifest.parts]
            if each.part not in names:
                raise SubmissionError(f"{where}: no part is called {each.part}{like(each.part, names)}.")
            if bool(each.component) == bool(each.test):
                raise SubmissionError(f"{where}: expected a component or a test, not both.")
            if each.part == part:
                _require_points(where, each, specs)


def _require_points(where: str, override: Any, specs: Sequence[TestSpec]) -> None:
    wanted = [
        spec
        for spec in specs
        if override.component == spec.component or override.test in (spec.number, spec.id)
    ]
    if not wanted:
        names = dict.fromkeys(spec.component if override.component else spec.number for spec in specs)
        name = override.component or override.test
        raise SubmissionError(f"{where}: nothing of {override.part} is called {name}{like(name, names)}.")
    most = sum(spec.max_score for spec in wanted)
    if not 0 <= override.points <= most:
        raise SubmissionError(f"{where}: expected points between 0 and {most:g}, got {override.points:g}.")


def _read(path: Path) -> tuple[list[Person], bool]:
    """Return the persons of one file, and whether it is a platform's list of all."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"--students {shown(str(path))}: expected a file in UTF-8, got: {error}."
        ) from error
    return (_from_toml(path, text), False) if path.suffix.casefold() == ".toml" else _from_csv(path, text)


def _from_toml(path: Path, text: str) -> list[Person]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SubmissionError(f"{path}: expected TOML, got an error: {error}.") from error
    entries = table.get("students")
    if set(table) - {"students"} or not isinstance(entries, list):
        raise SubmissionError(f"{path}: expected only [[students]] tables at the top level.")
    return [_person(f"{path}, student {place}", entry) for place, entry in enumerate(entries, 1)]


def _from_csv(path: Path, text: str) -> tuple[list[Person], bool]:
    first = text.partition("\n")[0]
    rows = list(
        csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    )
    head = set(rows[0]) if rows else set(first.strip().split(","))
    if {"Student", "ID"} <= head:
        return list(_from_platform(rows, CANVAS)), True
    if {"SID", "Email"} <= head:
        return list(_from_platform(rows, GRADESCOPE)), True
    if {"identifier", "github_username"} <= head:
        return list(_from_platform(rows, GITHUB)), True
    unknown = sorted(str(name) for name in head - set(FIELDS) | (head & {"overrides"}))
    if unknown:
        raise SubmissionError(
            f"{path}: expected columns of a roster of Canvas, Gradescope or GitHub Classroom, or "
            f"{', '.join(FIELDS[:-1])}; got {', '.join(map(shown, unknown[:3]))}."
        )
    return [_person(f"{path}, row {place}", _plain(row)) for place, row in enumerate(rows, 2)], False


def _from_platform(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterator[Person]:
    for row in rows:
        told: dict[str, Any] = {
            field: (row.get(column) or "").strip() for column, field in columns.items() if row.get(column)
        }
        if not told.get("name") and row.get("Last Name") is not None:
            told["name"] = f"{row.get('First Name') or ''} {row['Last Name'] or ''}".strip()
        is_student = (
            told.get("name", "").casefold() not in NOBODY and (row.get("Role") or "Student") == "Student"
        )
        if is_student and any(told.values()):
            yield Person(**told)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's cells as TOML would have them; empty ones are left out."""
    told: dict[str, Any] = {name: value.strip() for name, value in row.items() if value and value.strip()}
    if "exempt" in told:
        told["exempt"] = told["exempt"].replace(",", " ").split()
    for name, kind in (("extension_hours", float), ("late_days", int)):
        if name in told:
            try:
                told[name] = kind(told[name])
            except ValueError:
                continue  # the check of the whole entry says what was expected
    return told


def _person(where: str, entry: Any) -> Person:
    if not isinstance(entry, Mapping):
        raise SubmissionError(f"{where}: expected a table of fields.")
    unknown = next((name for name in entry if name not in FIELDS), None)
    if unknown is not None:
        raise SubmissionError(f"{where}: no field is called {shown(unknown)}{like(unknown, FIELDS)}.")
    try:
        person = msgspec.convert(dict(entry), Person)
    except msgspec.ValidationError as error:
        said = str(error).replace("`", "").replace("$.", "")
        raise SubmissionError(f"{where}: {said}.") from error
    if not person.who:
        raise SubmissionError(f"{where}: expected a name, login, id, sid or github to identify the student.")
    if not 0 <= person.extension_hours < 24 * 366 or (person.late_days or 0) < 0:
        raise SubmissionError(
            f"{where}: expected extension_hours and late_days of at least 0, at most a year."
        )
    return person


def _require_distinct(path: Path, persons: Sequence[Person]) -> None:
    for field in ("id", "sid", "login", "github"):
        seen: set[str] = set()
        for person in persons:
            value = getattr(person, field)
            if value and value in seen:
                raise SubmissionError(
                    f"{path}: two students have the {field} {shown(value)}; keep one of them."
                )
            seen.add(value)
