"""The questions of the student who runs this: their own variant, where the course has variants."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from theory.errors import SettingsError, TheoryError
from theory.questions import Exercise
from theory.settings import DEFAULTS, Settings, exercises, parse_settings
from theory.variants import FILE, Variant, parse_variant

MISSING = (
    f"This course gives every student numbers of their own. Save the {FILE} that you got beside "
    "answers.yaml; until then you see the questions with the numbers of nobody."
)


@dataclass(frozen=True)
class Own:
    """The exercises, the id of the student whose they are ("": nobody's), and what is to be known first."""

    exercises: tuple[Exercise, ...]
    student: str = ""
    remark: str = ""


def course_settings(folder: Path) -> Settings:
    """Return the settings of the part that `folder` is, or the defaults where it is none.

    Raises: TheoryError for an assignment.json that cannot be read.
    """
    path = folder.parent / "assignment.json"
    try:
        parts = read_json(path)["parts"].values()
        part = next((part for part in parts if part["folder"] == folder.name), None)
    except (KeyError, TypeError, AttributeError):
        raise TheoryError(f"{path} is damaged; download the course's files again.") from None
    return DEFAULTS if part is None else parse_settings(part)


def own_exercises(settings: Settings, folder: Path, *, file: Path | None = None) -> Own:
    """Return the exercises of the variant in `file`, else of the one in `folder`, else those of everybody.

    A file may hold the parameters alone.
    Raises SettingsError if a parameter makes no sense, TheoryError if a file cannot be read.
    """
    path = file or folder / FILE
    if file is None and not (settings.has_variants and path.is_file()):
        return Own(exercises(settings), remark=MISSING if settings.has_variants else "")
    table = read_json(path)
    is_variant = file is None or "parameters" in table
    variant = parse_variant(table, path.name) if is_variant else Variant("", table)
    return Own(exercises(replace(settings, parameters=variant.parameters)), variant.student)


def variant_of(settings: Settings, key: bytes, student: str) -> Variant:
    """Return the variant that `key` makes for `student`; raise SettingsError as `exercises`."""
    drawn = exercises(settings, key=key, student=student)
    return Variant(student.strip(), {one.question.id: vars(one.parameters) for one in drawn})


def read_key(path: Path) -> bytes:
    """Return the course's key; raise SettingsError for an empty file, OSError if there is none."""
    key = path.read_bytes().strip()
    if not key:
        raise SettingsError(f"{path}: expected a long random text, got an empty file.")
    return key


def read_json(path: Path) -> dict[str, Any]:
    """Return the table in a JSON file; raise TheoryError for anything else."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, TypeError) as error:
        raise TheoryError(f"{path}: expected a table in JSON, got an error: {error}.") from None
