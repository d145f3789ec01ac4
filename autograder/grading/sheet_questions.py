"""The questions of a sheet: those of the manifest, with a student's own parameters where there are any."""

from __future__ import annotations

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.course import Course
from theory.errors import SettingsError
from theory.questions import Exercise
from theory.settings import Settings, exercises, parse_settings


def settings_of(part: Part) -> Settings:
    """Return the theory's settings; raise CourseError if the manifest makes no sense."""
    table = {name: getattr(part, name) for name in ("open", "variants", "partial", "parameters")}
    table["components"] = {one.name: {"points": one.points} for one in part.components}
    try:
        return parse_settings({name: value for name, value in table.items() if value is not None})
    except SettingsError as error:
        raise CourseError(f"assignment.toml: {error}") from None


def exercises_of(part: Part, course: Course, *, student: str = "") -> tuple[Exercise, ...]:
    """Return the questions of the sheet, `student`'s own where the course gives everybody a variant."""
    settings = settings_of(part)
    try:
        if not (settings.has_variants and student):
            return exercises(settings)
        return exercises(settings, key=variants_key(part, course), student=student)
    except SettingsError as error:
        raise CourseError(f"assignment.toml: {error}") from None


def variants_key(part: Part, course: Course) -> bytes:
    """Return the secret that the variants are made of; raise CourseError if it is not there."""
    path = course.root / part.key_file
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise CourseError(
            f"{path}: expected the key of the variants, got {error.strerror}; write a long random "
            "text to it, or set variants = false."
        ) from error
