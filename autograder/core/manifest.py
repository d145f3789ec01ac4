"""The manifest `assignment.toml` as frozen data, checked field by field."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.core.errors import CourseError
from autograder.core.model import Severity

VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
RUNTIMES = ("numpy", "torch", "none")  # "none": the answers are read, and no code runs
MOST_HOURS = 10_000  # of a rate limit; more than a year
WEB_ADDRESS = re.compile(r'https?://[^\s"\\]+')
COLAB_PATH = re.compile(r"[\w.-]+/[\w.-]+/blob(/[\w.-]+)+")
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What one worker may use; seconds of wall clock, MiB and KiB."""

    test_seconds: float
    part_seconds: float
    memory_mib: int
    processes: int
    output_kib: int
    file_mib: int
    reply_mib: int


@dataclass(frozen=True)
class Intake:
    """What a submitted zip may be: number of members, MiB a member, MiB together."""

    members: int
    file_mib: int
    total_mib: int


@dataclass(frozen=True)
class Policy:
    """What breaking each rule of the handout costs."""

    prints: Severity
    imports: Severity
    signatures: Severity
    file_names: Severity
    non_runnable: Severity


@dataclass(frozen=True)
class Feedback:
    """What students see: the default visibility of hidden tests, hints, and each other's points."""

    hidden_tests: str
    hints: bool
    leaderboard: bool = False


@dataclass(frozen=True)
class RateLimit:
    """How many submissions of one student are graded within any span of so many hours."""

    submissions: int
    hours: float


@dataclass(frozen=True)
class Component:
    """What is graded by itself: one answer file and its points."""

    name: str
    title: str
    file: str
    points: float

    @property
    def module(self) -> str:
        """Return the answer file as it is imported: `modules/relu.py` is `modules.relu`."""
        return self.file.removesuffix(".py").replace("/", ".")


@dataclass(frozen=True)
class Part:
    """One part of the assignment; paths are relative to its folder, with forward slashes."""

    name: str
    title: str
    folder: str
    zip: str
    runtime: str
    collect: tuple[str, ...]
    answer_files: tuple[str, ...]
    given_files: tuple[str, ...]
    allowed_imports: tuple[str, ...]
    components: tuple[Component, ...]
    limits: Limits
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)  # what only one part has

    @property
    def runs_code(self) -> bool:
        """Tell whether answers are code that runs, and not text that is read."""
        return self.runtime != "none"

    @property
    def worker_imports(self) -> tuple[str, ...]:
        """Return the modules that workers have: `absent_imports` may stand in a file, but are not there."""
        absent = self.extra.get("absent_imports", ())
        return tuple(name for name in self.allowed_imports if name.partition(".")[0] not in absent)

    @property
    def points(self) -> float:
        """Return the points of all components together."""
        return sum(component.points for component in self.components)

    def component(self, name: str) -> Component:
        """Return the component called `name`; raise CourseError where there is none."""
        for component in self.components:
            if component.name == name:
                return component
        known = ", ".join(component.name for component in self.components)
        raise CourseError(f"assignment.toml, parts.{self.name}: no component {name!r}; there are {known}.")


@dataclass(frozen=True)
class Manifest:
    """The whole assignment."""

    name: str
    title: str
    feedback: Feedback
    policy: Policy
    intake: Intake
    parts: tuple[Part, ...]
    rate_limit: RateLimit | None = None
    bundle_url: str = ""  # where Colab gets what students get; "": it asks for the zip
    colab: str = ""  # of the notebooks' badge: owner/repository/blob/branch; "": no badge

    def part(self, name: str) -> Part:
        """Return the part called `name`; raise CourseError where there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        known = ", ".join(part.name for part in self.parts)
        raise CourseError(f"assignment.toml: no part {name!r}; there are {known}.")


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Turn the parsed TOML `table` into a Manifest; raise CourseError naming the field that is wrong."""
    assignment = _section(table, "assignment")
    limits = _section(table, "limits")
    parts = tuple(_part(name, entry, limits=limits) for name, entry in _section(table, "parts").items())
    return Manifest(
        name=_value(assignment, "assignment", "name", str),
        title=_value(assignment, "assignment", "title", str),
        feedback=_feedback(_section(table, "feedback")),
        policy=_policy(_section(table, "policy")),
        intake=_numbers(Intake, _section(table, "intake"), "intake"),
        parts=parts,
        rate_limit=_rate_limit(_section(table, "rate_limit")) if "rate_limit" in table else None,
        bundle_url=_address(assignment, "bundle_url", WEB_ADDRESS, "https://example.org/course.zip"),
        colab=_address(assignment, "colab", COLAB_PATH, "owner/repository/blob/main"),
    )


def _address(assignment: Mapping[str, Any], field: str, form: re.Pattern[str], example: str) -> str:
    value = assignment.get(field, "")
    if not isinstance(value, str) or (value and not form.fullmatch(value)):
        raise CourseError(
            f'assignment.toml, [assignment]: expected {field} to be "" or like "{example}", got {value!r}.'
        )
    return value


def override(table: Mapping[str, Any], setting: str) -> dict[str, Any]:
    """Return a copy of the TOML `table` with one `section.field=value` of the command line put in.

    >>> override({"policy": {"prints": "zero"}}, "policy.prints=warn")
    {'policy': {'prints': 'warn'}}
    """
    path, separator, value = setting.partition("=")
    *sections, field = path.strip().split(".")
    copy: dict[str, Any] = _deep_copy(table)
    target: Any = copy
    for section in sections:
        target = target.get(section) if isinstance(target, dict) else None
    if not separator or not isinstance(target, dict) or field not in target:
        raise CourseError(
            f"--set {setting}: expected SECTION.FIELD=VALUE with a field that assignment.toml has, "
            "for example policy.prints=warn."
        )
    target[field] = _like(target[field], value.strip(), setting)
    return copy


def _like(old: Any, text: str, setting: str) -> Any:
    if isinstance(old, bool):
        if text not in ("true", "false"):
            raise CourseError(f"--set {setting}: expected true or false, got {text!r}.")
        return text == "true"
    if isinstance(old, (int, float)):
        try:
            return float(text) if "." in text or isinstance(old, float) else int(text)
        except ValueError:
            raise CourseError(f"--set {setting}: expected a number, got {text!r}.") from None
    if isinstance(old, str):
        return text
    raise CourseError(
        f"--set {setting}: only single values can be set here; edit assignment.toml for lists and tables."
    )


def _deep_copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _deep_copy(entry) for key, entry in value.items()}
    return list(value) if isinstance(value, list) else value


def _section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = table.get(name)
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{name}], got {section!r}.")
    return section


def _value(section: Mapping[str, Any], where: str, field: str, kind: type[T]) -> T:
    value = section.get(field)
    if not isinstance(value, kind):
        raise CourseError(
            f"assignment.toml, [{where}]: expected {field} to be a {kind.__name__}, got {value!r}."
        )
    return value


def _numbers(kind: type[T], section: Mapping[str, Any], where: str) -> T:
    names = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    for name in names:
        value = section.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise CourseError(
                f"assignment.toml, [{where}]: expected {name} to be a positive number, got {value!r}."
            )
    return kind(**{name: section[name] for name in names})


def _policy(section: Mapping[str, Any]) -> Policy:
    values = {}
    for field in dataclasses.fields(Policy):
        value = section.get(field.name)
        if value not in ("warn", "zero"):
            raise CourseError(
                f'assignment.toml, [policy]: expected {field.name} to be "warn" or "zero", got {value!r}.'
            )
        values[field.name] = Severity(value)
    return Policy(**values)


def _feedback(section: Mapping[str, Any]) -> Feedback:
    visibility = section.get("hidden_tests")
    if visibility not in VISIBILITIES:
        raise CourseError(
            f"assignment.toml, [feedback]: expected hidden_tests to be one of {', '.join(VISIBILITIES)}, "
            f"got {visibility!r}."
        )
    leaderboard = _value({"leaderboard": False, **section}, "feedback", "leaderboard", bool)
    if leaderboard and visibility != "visible":
        raise CourseError(
            "assignment.toml, [feedback]: a leaderboard shows everybody's points, but hidden_tests is "
            f'{visibility!r}; expected leaderboard = false or hidden_tests = "visible".'
        )
    hints = _value(section, "feedback", "hints", bool)
    return Feedback(hidden_tests=visibility, hints=hints, leaderboard=leaderboard)


def _rate_limit(section: Mapping[str, Any]) -> RateLimit | None:
    submissions, hours = (section.get(name) for name in ("submissions", "hours"))
    if isinstance(submissions, bool) or not isinstance(submissions, int) or submissions < 0:
        raise CourseError(
            "assignment.toml, [rate_limit]: expected submissions to be a whole number, 0 for no limit, "
            f"got {submissions!r}."
        )
    if isinstance(hours, bool) or not isinstance(hours, (int, float)) or not 0 < hours < MOST_HOURS:
        raise CourseError(
            f"assignment.toml, [rate_limit]: expected hours to be above 0 and below {MOST_HOURS}, "
            f"got {hours!r}."
        )
    return RateLimit(submissions, float(hours)) if submissions else None


def _strings(section: Mapping[str, Any], where: str, field: str) -> tuple[str, ...]:
    values = _value(section, where, field, list)
    if not all(isinstance(value, str) for value in values):
        raise CourseError(
            f"assignment.toml, [{where}]: expected {field} to be a list of strings, got {values!r}."
        )
    return tuple(values)


PART_FIELDS = frozenset(field.name for field in dataclasses.fields(Part)) - {"name", "extra"}


def _part(name: str, section: Any, *, limits: Mapping[str, Any]) -> Part:
    where = f"parts.{name}"
    if not isinstance(section, Mapping):
        raise CourseError(f"assignment.toml: expected a table [{where}], got {section!r}.")
    runtime = _value(section, where, "runtime", str)
    if runtime not in RUNTIMES:
        raise CourseError(
            f"assignment.toml, [{where}]: expected runtime to be one of {', '.join(RUNTIMES)}, "
            f"got {runtime!r}."
        )
    return Part(
        name=name,
        title=_value(section, where, "title", str),
        folder=_value(section, where, "folder", str),
        zip=_value(section, where, "zip", str),
        runtime=runtime,
        collect=_strings(section, where, "collect"),
        answer_files=_strings(section, where, "answer_files"),
        given_files=_strings(section, where, "given_files"),
        allowed_imports=_strings(section, where, "allowed_imports"),
        components=_components(_value(section, where, "components", dict), where),
        limits=_numbers(Limits, {**limits, **section.get("limits", {})}, f"{where}.limits"),
        extra={name: value for name, value in section.items() if name not in PART_FIELDS},
    )


def _components(section: Mapping[str, Any], where: str) -> tuple[Component, ...]:
    components = []
    for name, entry in section.items():
        place = f"{where}.components.{name}"
        points = entry.get("points") if isinstance(entry, Mapping) else None
        if isinstance(points, bool) or not isinstance(points, (int, float)) or points < 0:
            raise CourseError(
                f"assignment.toml, [{place}]: expected points to be a number of at least 0, got {points!r}."
            )
        title, file = (_value(entry, place, field, str) for field in ("title", "file"))
        components.append(Component(name=name, title=title, file=file, points=float(points)))
    return tuple(components)
