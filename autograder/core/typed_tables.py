"""A table of the manifest → a dataclass, and what is wrong with it in the words of the manifest."""

from __future__ import annotations

import dataclasses
import difflib
import enum
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from autograder.core.errors import CourseError
from autograder.core.manifest import Cost, Number

T = TypeVar("T")
WORDS = {
    "str": "a text", "bool": "true or false", "int": "a whole number", "float": "a number",
    "int | float": "a number", "array": "a list", "object": "a table", "array | object": "a list or a table",
}  # fmt: skip
BOUNDS = {">= 1": "above 0", "> 0.0": "above 0", ">= 0.0": "of at least 0", ">= 0": "of at least 0"}


def read_table(kind: type[T], section: Any, where: str) -> T:
    """Make a `kind`, which is a dataclass, of `section`, the table [`where`].

    Raises CourseError with the table, the field, what was expected and what came.
    """
    for place, name, known in _unknown(kind, section, where):
        raise CourseError(f"assignment.toml, [{place}]: no field is called {name}{like(name, known)}.")
    try:
        return msgspec.convert(section, kind)
    except msgspec.ValidationError as error:
        raise CourseError(f"assignment.toml, {_in_words(str(error), kind, section, where)}") from None


def _unknown(kind: Any, section: Any, where: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield table, name and the known names of every field that no class has."""
    if not dataclasses.is_dataclass(kind) or not isinstance(section, Mapping):
        return
    hints = typing.get_type_hints(kind)
    for name, value in section.items():
        if name not in hints:
            yield where, name, [hint for hint in hints if hint != "name"]
        for inner in (hints.get(name), *typing.get_args(hints.get(name))):
            if typing.get_origin(hints.get(name)) in (Mapping, dict) or "Mapping" in str(hints.get(name)):
                for key, entry in value.items() if isinstance(value, Mapping) else ():
                    yield from _unknown(inner, entry, f"{where}.{name}.{key}")
            else:
                yield from _unknown(inner, value, f"{where}.{name}")


def _in_words(said: str, kind: type, section: Any, where: str) -> str:
    """Say it in the words of the manifest: "[policy]: expected prints to be …, got 'maybe'."."""
    message, _, path = said.partition(" - at `$")
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", message):
        place = "".join(f".{step}" for step in re.findall(r"\w+", path))
        return f"[{where}{place}]: expected {missing[1]}, got None."
    steps = re.findall(r"\w+|\.\.\.", path)
    got: Any = section
    hint: Any = kind
    for step in steps:
        hints = typing.get_type_hints(hint, include_extras=True) if dataclasses.is_dataclass(hint) else {}
        hint = hints.get(step)
        got = got.get(step) if isinstance(got, Mapping) else got
    field = steps[0] if steps else ""
    expected = _expected(message, hint)
    if "[" in path:
        expected = f"a list of {expected.removeprefix('a ')}s"
    return f"[{where}]: expected {field or 'it'} to be {expected}, got {got!r}."


def _expected(message: str, hint: Any) -> str:
    if hint == Number:
        return "a number above 0"
    if hint == Cost:
        return '"warn", "zero" or a number of points above 0'
    choices = typing.get_args(hint) if typing.get_origin(hint) is Literal else ()
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        choices = tuple(member.value for member in hint)
    if choices:
        return (
            " or ".join(f'"{choice}"' for choice in choices)
            if len(choices) == 2
            else f"one of {', '.join(choices)}"
        )
    found = re.match(r"Expected `([^`]+)`(?: (of length \d+|[<>]=? [\d.]+))?", message)
    kind, bound = (found[1], found[2] or "") if found else (message, "")
    return f"{WORDS.get(kind, kind)} {BOUNDS.get(bound, bound)}".rstrip()


def like(name: str, known: Iterable[str]) -> str:
    """Return how to end a message on an unknown `name`: with the one that is meant, or with all."""
    known = list(known)
    found = difflib.get_close_matches(name, known, 1)
    return f"; is {found[0]} meant?" if found else f"; there are {', '.join(known)}"
