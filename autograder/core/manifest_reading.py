"""A parsed TOML table → a Manifest, each field checked by its type and named where it is wrong."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from autograder.core.errors import CourseError
from autograder.core.late import LatePolicy
from autograder.core.manifest import (
    Component,
    Feedback,
    Intake,
    Limits,
    Manifest,
    Part,
    Policy,
    RateLimit,
    ReportFile,
)
from autograder.core.manifest_sense import (
    require_deadlines,
    require_distinct,
    require_drops,
    require_form,
    require_sense,
    sensible,
)
from autograder.core.typed_tables import WORDS, like, read_table

RENAMED = {"pictures": "images"}  # of a test set: names that older manifests have
WEB_ADDRESS = re.compile(r'https?://[^\s"\\]+')
COLAB_PATH = re.compile(r"[\w.-]+/[\w.-]+/blob(/[\w.-]+)+")


@dataclasses.dataclass(frozen=True)
class _Assignment:
    name: str
    title: str
    bundle_url: str = ""
    colab: str = ""
    key_file: str = ""


TOP: Mapping[str, type] = {
    "assignment": _Assignment, "feedback": Feedback, "rate_limit": RateLimit, "policy": Policy,
    "limits": Limits, "intake": Intake, "report": ReportFile,
    "late": LatePolicy,
}  # fmt: skip
DROP = "drop"  # the table of dropped tests, by part
OPTIONAL = ("rate_limit", "report", "late")


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Turn the parsed TOML `table` into a Manifest; raise CourseError naming the field that is wrong."""
    table, notes = with_new_names(table)
    unknown = next((name for name in table if name not in (*TOP, DROP, "parts")), None)
    if unknown is not None:
        raise CourseError(f"assignment.toml: [{unknown}] is not a known table{like(unknown, TOP)}.")
    read: dict[str, Any] = {
        name: read_table(kind, _table(table, name), name)
        for name, kind in TOP.items()
        if name in table or name not in OPTIONAL
    }
    assignment, rate_limit = read["assignment"], read.get("rate_limit")
    require_form(assignment.bundle_url, "bundle_url", WEB_ADDRESS, "https://example.org/course.zip")
    require_form(assignment.colab, "colab", COLAB_PATH, "owner/repository/blob/main")
    require_sense(read["feedback"])
    require_drops(_table({DROP: {}, **table}, DROP), list(_table(table, "parts")))
    parts = tuple(_part(name, table) for name in _table(table, "parts"))
    require_distinct(parts)
    require_deadlines(read.get("late"), [part.name for part in parts])
    return Manifest(
        **vars(assignment), **{name: read[name] for name in ("feedback", "policy", "intake")}, parts=parts,
        rate_limit=rate_limit if rate_limit and rate_limit.submissions else None, report=read.get("report"),
        late=read.get("late"),        notes=notes,
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
        if sections == ["policy"] and re.fullmatch(r"\d+(\.\d+)?", value.strip()):
            target[field] = 0  # a cost may be a word or a number
        elif sections == ["policy"]:
            target[field] = ""
        target[field] = _valuelike(target[field], value.strip(), setting)
    return changed


def _valuelike(old: Any, text: str, setting: str) -> Any:
    if isinstance(old, (Mapping, list)):
        raise CourseError(
            f"--set {setting}: only single values can be set here; edit assignment.toml for lists and tables."
        )
    kind = type(old) if isinstance(old, (bool, float, str)) else float if "." in text else int
    try:
        return msgspec.convert(text, kind, strict=False) if kind is not str else text
    except msgspec.ValidationError:
        raise CourseError(f"--set {setting}: expected {WORDS[kind.__name__]}, got {text!r}.") from None


def _part(name: str, table: Mapping[str, Any]) -> Part:
    section, where = table["parts"][name], f"parts.{name}"
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{where}], got {section!r}.")
    components = _table(section, "components", within=f"{where}.")
    listed = [
        {**entry, "name": key} if isinstance(entry, Mapping) else entry for key, entry in components.items()
    ]
    for key, entry in zip(components, listed, strict=True):
        read_table(Component, entry, f"{where}.components.{key}")
    if DROP in section:
        raise CourseError(
            f'assignment.toml, [{where}]: write dropped tests as {name}."1.2" = "why" in [{DROP}].'
        )
    drop = _table({DROP: {}, **table}, DROP).get(name, {})
    own = {**table["limits"], **_table({"limits": {}, **section}, "limits", within=f"{where}.")}
    read_table(Limits, own, f"{where}.limits")
    whole = {**section, "name": name, "components": listed, "limits": own, DROP: drop}
    return sensible(read_table(Part, whole, where))


def _table(table: Mapping[str, Any], name: str, *, within: str = "") -> Mapping[str, Any]:
    section = table.get(name)
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{within}{name}], got {section!r}.")
    return section
