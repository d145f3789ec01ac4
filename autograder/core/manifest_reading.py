"""A parsed TOML table → a Manifest, each field checked by its type and named where it is wrong."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from autograder.core.errors import CourseError
from autograder.core.late import LatePolicy, moment
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
from autograder.core.typed_tables import WORDS, like, read_table

RENAMED = {"pictures": "images"}  # of a test set: names that older manifests have
NEEDED_BY_CODE = ("runtime", "probes")
EXCLUSIVE = {"zip": "zip name", "folder": "folder"}  # what no two parts may share
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
OPTIONAL = ("rate_limit", "report", "late")


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Turn the parsed TOML `table` into a Manifest; raise CourseError naming the field that is wrong."""
    table, notes = with_new_names(table)
    unknown = next((name for name in table if name not in (*TOP, "parts")), None)
    if unknown is not None:
        raise CourseError(f"assignment.toml: [{unknown}] is no table that is known{like(unknown, TOP)}.")
    read: dict[str, Any] = {
        name: read_table(kind, _table(table, name), name)
        for name, kind in TOP.items()
        if name in table or name not in OPTIONAL
    }
    assignment, rate_limit = read["assignment"], read.get("rate_limit")
    _require_form(assignment.bundle_url, "bundle_url", WEB_ADDRESS, "https://example.org/course.zip")
    _require_form(assignment.colab, "colab", COLAB_PATH, "owner/repository/blob/main")
    _require_sense(read["feedback"])
    parts = tuple(_part(name, entry, table["limits"]) for name, entry in _table(table, "parts").items())
    _require_distinct(parts)
    _require_deadlines(read.get("late"), [part.name for part in parts])
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


def _part(name: str, section: Any, limits: Mapping[str, Any]) -> Part:
    where = f"parts.{name}"
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{where}], got {section!r}.")
    components = _table(section, "components", within=f"{where}.")
    listed = [
        {**entry, "name": key} if isinstance(entry, Mapping) else entry for key, entry in components.items()
    ]
    for key, entry in zip(components, listed, strict=True):
        read_table(Component, entry, f"{where}.components.{key}")
    own = {**limits, **_table({"limits": {}, **section}, "limits", within=f"{where}.")}
    read_table(Limits, own, f"{where}.limits")
    return _sensible(read_table(Part, {**section, "name": name, "components": listed, "limits": own}, where))


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
            raise CourseError(f"{where[:-1]}.weights]: {name} is no component{like(name, names)}.")
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


def _require_deadlines(late: LatePolicy | None, parts: Sequence[str]) -> None:
    for name, text in late.due.items() if late else ():
        if name not in parts:
            raise CourseError(f"assignment.toml, [late.due]: no part is called {name}{like(name, parts)}.")
        if text and moment(text) is None:
            raise CourseError(
                f"assignment.toml, [late.due]: expected {name} to be a time with its offset, such as "
                f'"2026-03-01T23:59:00+01:00", got {text!r}.'
            )


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


def _table(table: Mapping[str, Any], name: str, *, within: str = "") -> Mapping[str, Any]:
    section = table.get(name)
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{within}{name}], got {section!r}.")
    return section
