"""The theory part of `assignment.toml`: points, parameters of the questions, and what students may see."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from theory.errors import SettingsError
from theory.questions import QUESTIONS, Exercise, exercise
from theory.variants import seed_of


@dataclass(frozen=True)
class Settings:
    """What an instructor chose.

    `points` is by question; `open` names the questions whose laws students receive; with `is_partial` answers
    that are right in parts earn a part; with `has_variants` every student has parameters of their own,
    derived from the course's key.
    """

    points: Mapping[str, float]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    open: tuple[str, ...] = ()
    is_partial: bool = True
    has_variants: bool = False


KNOWN = tuple(module.ID for module in QUESTIONS)
DEFAULTS = Settings(points=MappingProxyType(dict.fromkeys(KNOWN, 1.0)))


def parse_settings(part: Mapping[str, Any]) -> Settings:
    """Turn the table `[parts.theory]` into settings; raise SettingsError naming the field that is wrong."""
    components = part.get("components", {name: {"points": 1} for name in KNOWN})
    points = {name: float(entry.get("points", 0)) for name, entry in components.items()}
    parameters = part.get("parameters", {})
    opened, partial, variants = part.get("open", []), part.get("partial", True), part.get("variants", False)
    for where, names in (("components", points), ("parameters", parameters), ("open", opened)):
        unknown = next((name for name in names if name not in KNOWN), None)
        if unknown is not None:
            raise SettingsError(f"parts.theory.{where}: expected {', '.join(KNOWN)}, got {unknown!r}.")
    for name, value in (("partial", partial), ("variants", variants)):
        if not isinstance(value, bool):
            raise SettingsError(f"parts.theory.{name}: expected true or false, got {value!r}.")
    return Settings(
        MappingProxyType(points), MappingProxyType(dict(parameters)), tuple(opened), partial, variants
    )


def exercises(settings: Settings, *, key: bytes = b"", student: str = "") -> tuple[Exercise, ...]:
    """Return the questions of the sheet; with `key` and `student`, those of this student's variant.

    Raises: SettingsError if a parameter makes no sense, or a variant is asked for by half.
    """
    if bool(key) != bool(student):
        raise SettingsError("A variant needs both the course's key and a student's id.")
    found = []
    for module in QUESTIONS:
        if module.ID not in settings.points:
            continue
        one = exercise(module, settings.parameters.get(module.ID, {}), points=settings.points[module.ID])
        if key:
            drawn = module.vary(one.parameters, random.Random(seed_of(key, student, module.ID)))
            one = exercise(module, vars(drawn), points=settings.points[module.ID])
        found.append(one)
    return tuple(found)
