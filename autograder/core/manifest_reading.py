"""A parsed TOML table → a Manifest, each field checked by its type and named where it is wrong."""

from __future__ import annotations

import copy
import dataclasses
import difflib
import enum
import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from autograder.core.errors import CourseError
from autograder.core.manifest import (
    Component,
    Feedback,
    Intake,
    Limits,
    Manifest,
    Number,
    Part,
    Policy,
    RateLimit,
    ReportFile,
)

T = TypeVar("T")
RENAMED = {"pictures": "images"}  # of a test set: names that older manifests have
NEEDED_BY_CODE = ("runtime", "probes")
EXCLUSIVE = {"zip": "zip name", "folder": "folder"}  # what no two parts may share
WORDS = {
    "str": "a text", "bool": "true or false", "int": "a whole number", "float": "a number",
    "int | float": "a number", "array": "a list", "object": "a table", "array | object": "a list or a table",
}  # fmt: skip
BOUNDS = {">= 1": "above 0", "> 0.0": "above 0", ">= 0.0": "of at least 0", ">= 0": "of at least 0"}
WEB_ADDRESS = re.compile(r'https?://[^\s"\\]+')
COLAB_PATH = re.compile(r"[\w.-]+/[\w.-]+/blob(/[\w.-]+)+")


@dataclasses.dataclass(frozen=True)
class _Assignment:
    name: str
    title: str
    bundle_url: str = ""
    colab: str = ""


TOP: Mapping[str, type] = {
    "assignment": _Assignment, "feedback": Feedback, "rate_limit": RateLimit, "policy": Policy,
    "limits": Limits, "intake": Intake, "report": ReportFile,
}  # fmt: skip
OPTIONAL = ("rate_limit", "report")


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Turn the parsed TOML `table` into a Manifest; raise CourseError naming the field that is wrong."""
    table, notes = with_new_names(table)
    unknown = next((name for name in table if name not in (*TOP, "parts")), None)
    if unknown is not None:
        raise CourseError(f"assignment.toml: [{unknown}] is no table that is known{_like(unknown, TOP)}.")
    read: dict[str, Any] = {
        name: _read(kind, _table(table, name), name)
        for name, kind in TOP.items()
        if name in table or name not in OPTIONAL
    }
    assignment, rate_limit = read["assignment"], read.get("rate_limit")
    _require_form(assignment.bundle_url, "bundle_url", WEB_ADDRESS, "https://example.org/course.zip")
    _require_form(assignment.colab, "colab", COLAB_PATH, "owner/repository/blob/main")
    _require_sense(read["feedback"])
    parts = tuple(_part(name, entry, table["limits"]) for name, entry in _table(table, "parts").items())
    _require_distinct(parts)
    return Manifest(
        **vars(assignment), **{name: read[name] for name in ("feedback", "policy", "intake")}, parts=parts,
        rate_limit=rate_limit if rate_limit and rate_limit.submissions else None, report=read.get("report"),
        notes=notes,
    )  # fmt: skip


def with_new_names(table: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a copy of the TOML `table` in which old names are new ones, and a note on each."""
    changed: dict[str, Any] = copy.deepcopy(dict(table))
    notes = []
    parts = changed.get("parts", {})
    for name, part in parts.items() if isinstance(parts, dict) else ():
        test_set: Any = part.get("test_set") if isinstance(part, dict) else None
        for old, new in RENAMED.items() if isinstance(test_set, dict) else ():
            if old in test_set:
                test_set.setdefault(new, test_set.pop(old))
                notes.append(f"assignment.toml, [parts.{name}.test_set]: {old} is called {new} now.")
    return changed, tuple(notes)


def override(table: Mapping[str, Any], setting: str) -> dict[str, Any]:
    """Return a copy of the TOML `table` with one `section.field=value` of the command line put in.

    `parts.*.section.field` means that of every part that has one.

    >>> override({"policy": {"prints": "zero"}}, "policy.prints=warn")
    {'policy': {'prints': 'warn'}}
    """
    path, separator, value = setting.partition("=")
    *sections, field = path.strip().split(".")
    changed, _ = with_new_names(table)
    targets: list[Any] = [changed]
    for section in sections:
        tables = [target for target in targets if isinstance(target, dict)]
        targets = [each for one in tables for name, each in one.items() if section in (name, "*")]
    having = [target for target in targets if isinstance(target, dict)]
    field = field if any(field in target for target in having) else RENAMED.get(field, field)
    having = [target for target in having if field in target]
    if not separator or not having:
        raise CourseError(
            f"--set {setting}: expected SECTION.FIELD=VALUE with a field that assignment.toml has, "
            "for example policy.prints=warn."
        )
    for target in having:
        target[field] = _value_like(target[field], value.strip(), setting)
    return changed


def _value_like(old: Any, text: str, setting: str) -> Any:
    if isinstance(old, (Mapping, list)):
        raise CourseError(
            f"--set {setting}: only single values can be set here; edit assignment.toml for lists and tables."
        )
    kind = type(old) if isinstance(old, (bool, float, str)) else float if "." in text else int
    try:
        return msgspec.convert(text, kind, strict=False) if kind is not str else text
    except msgspec.ValidationError:
        raise CourseError(f"--set {setting}: expected {WORDS[kind.__name__]}, got {text!r}.") from None


def _part(name: str, section: Any, limits: Mapping[str, Any]) -> Part:
    where = f"parts.{name}"
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{where}], got {section!r}.")
    components = section.get("components")
    if not isinstance(components, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{where}.components], got {components!r}.")
    listed = [
        {**entry, "name": key} if isinstance(entry, Mapping) else entry for key, entry in components.items()
    ]
    for key, entry in zip(components, listed, strict=True):
        _read(Component, entry, f"{where}.components.{key}")
    own = {**limits, **section.get("limits", {})}
    _read(Limits, own, f"{where}.limits")
    return _sensible(_read(Part, {**section, "name": name, "components": listed, "limits": own}, where))


def _sensible(part: Part) -> Part:
    """Return `part`; raise CourseError where its fields contradict each other."""
    where = f"assignment.toml, [parts.{part.name}]"
    if part.kind == "code":
        lacking = [name for name in NEEDED_BY_CODE if getattr(part, name) in ((), "none")]
        if lacking:
            raise CourseError(f"{where}: a part of code needs {' and '.join(lacking)}; found none.")
    names = [component.name for component in part.components]
    for name, weights in part.weights.items():
        if name not in names:
            raise CourseError(f"{where[:-1]}.weights]: {name} is no component{_like(name, names)}.")
        lists = weights.tiers.values() if isinstance(weights.tiers, dict) else [weights.tiers]
        if not all(tiers and all(0 <= share <= 1 for _, share in tiers) for tiers in lists):
            raise CourseError(
                f"{where[:-1]}.weights.{name}]: expected tiers [value, share] with shares in [0, 1], "
                f"got {weights.tiers}."
            )
    if part.variants and not part.key_file:
        raise CourseError(f"{where}: variants need a key_file; name a file with a long random text.")
    if part.weights and part.test_set is None:
        raise CourseError(f"{where}: files of weights need a table [parts.{part.name}.test_set].")
    return part


def _require_distinct(parts: tuple[Part, ...]) -> None:
    for field, words in EXCLUSIVE.items():
        seen: dict[str, str] = {}
        for part in parts:
            value = str(getattr(part, field))
            if value in seen:
                raise CourseError(
                    f"assignment.toml, [parts.{part.name}]: the {words} {value!r} is that of "
                    f"[parts.{seen[value]}] too; give each part its own."
                )
            seen[value] = part.name


def _require_form(value: str, field: str, form: re.Pattern[str], example: str) -> None:
    if value and not form.fullmatch(value):
        raise CourseError(
            f'assignment.toml, [assignment]: expected {field} to be "" or like "{example}", got {value!r}.'
        )


def _require_sense(feedback: Feedback) -> None:
    if feedback.leaderboard and feedback.hidden_tests != "visible":
        raise CourseError(
            "assignment.toml, [feedback]: a leaderboard shows everybody's points, but hidden_tests is "
            f'{feedback.hidden_tests!r}; expected leaderboard = false or hidden_tests = "visible".'
        )


def _table(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = table.get(name)
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{name}], got {section!r}.")
    return section


def _read(kind: type[T], section: Any, where: str) -> T:
    """Make a `kind` of a table; raise CourseError with the table, the field, what was expected, what came."""
    for place, name, known in _unknown(kind, section, where):
        raise CourseError(f"assignment.toml, [{place}]: no field is called {name}{_like(name, known)}.")
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
    for sign, words in (
        (">= 1", "above 0"),
        ("> 0.0", "above 0"),
        (">= 0.0", "of at least 0"),
        (">= 0", "of at least 0"),
    ):
        bound = words if bound == sign else bound
    return f"{WORDS.get(kind, kind)} {bound}".rstrip()


def _like(name: str, known: Any) -> str:
    found = difflib.get_close_matches(name, list(known), 1)
    return f"; is {found[0]} meant?" if found else f"; there are {', '.join(known)}"
