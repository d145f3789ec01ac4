"""Different parameters for every student: drawn from the course's key, and kept in a file for each.

The same key and id give the same parameters everywhere, and without the key nobody can guess them. What a
student gets, and saves beside answers.yaml, is `variant.json`: {"student": id, "parameters": by question}.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from theory.errors import SettingsError

FILE = "variant.json"
COLUMNS = (  # of a roster, the first that it has: by these names platforms call what students log in with
    "login", "sis login id", "login id", "username", "email", "email address", "sid", "student id",
    "sis user id", "id",
)  # fmt: skip
SAFE = "@+ "  # in the name of a folder


@dataclass(frozen=True)
class Variant:
    """One student's id, and their parameters by question."""

    student: str
    parameters: Mapping[str, Mapping[str, Any]]

    def text(self) -> str:
        """Return what is in the student's file."""
        table = {
            "student": self.student,
            "parameters": {name: dict(one) for name, one in self.parameters.items()},
        }
        return json.dumps(table, indent=2, default=str, ensure_ascii=False)


def seed_of(key: bytes, student: str, question: str) -> int:
    """Return the seed of one student's variant of one question: HMAC-SHA256 under the course's key."""
    text = f"{question}\0{folded(student)}"
    return int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest(), "big")


def folded(student: str) -> str:
    """Return an id as ids are compared: blanks around it and upper case aside."""
    return student.strip().casefold()


def parse_variant(table: Any, where: str) -> Variant:
    """Return the variant that the JSON `table` of a file states; raise SettingsError for anything else."""
    known = isinstance(table, dict) and isinstance(table.get("parameters"), dict)
    if not known or not isinstance(table.get("student"), str):
        raise SettingsError(
            f'{where}: expected "student" and "parameters", as the course made it; get your file again.'
        )
    if not all(isinstance(one, dict) for one in table["parameters"].values()):
        raise SettingsError(
            f"{where}: expected a table of parameters for each question; get your file again."
        )
    return Variant(table["student"], table["parameters"])


def read_roster(path: Path) -> tuple[str, ...]:
    """Return the ids in a roster, each once: a CSV with one of COLUMNS, or a text with an id per line.

    Raises SettingsError if there are none, OSError if it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: expected text in UTF-8; save the roster in this encoding.") from None
    found = _of_csv(text, path) if path.suffix.casefold() == ".csv" else _of_lines(text)
    ids = {folded(one): one.strip() for one in found if one.strip()}
    if not ids:
        raise SettingsError(f"{path}: expected a student's id on each line, got none.")
    return tuple(ids.values())


def folder_of(student: str) -> str:
    """Return the name of a folder that no other student has, whatever an id is made of.

    >>> folder_of("ada@example.org"), folder_of("../a"), folder_of(".")
    ('ada@example.org', '..%2Fa', '%2E')
    """
    name = quote(folded(student), safe=SAFE)
    return name if name.strip(".") else name.replace(".", "%2E")


def _of_lines(text: str) -> list[str]:
    return [line.partition("#")[0] for line in text.splitlines()]


def _of_csv(text: str, path: Path) -> Iterable[str]:
    rows = csv.DictReader(text.splitlines())
    columns = {folded(name): name for name in rows.fieldnames or () if name}
    column = next((columns[name] for name in COLUMNS if name in columns), None)
    if column is None:
        raise SettingsError(
            f"{path}: expected a column with the students' ids, one of {', '.join(COLUMNS)}; got "
            f"{', '.join(columns) or 'none'}."
        )
    return [row[column] or "" for row in rows]
