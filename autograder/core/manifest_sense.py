"""Whether a manifest is consistent, as far as no single field can show."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.core.errors import CourseError
from autograder.core.late import LatePolicy, moment
from autograder.core.manifest import Feedback, Part, Tiers, Weights
from autograder.core.shares import HUNDREDTHS, in_hundredths
from autograder.core.typed_tables import like

NEEDED_BY_CODE = ("runtime", "probes")
EXCLUSIVE = {"zip": "zip name", "folder": "folder"}  # what no two parts may share


def sensible(part: Part) -> Part:
    """Return `part`; raise CourseError if its fields contradict each other."""
    where = f"assignment.toml, [parts.{part.name}]"
    if part.kind == "code":
        lacking = [name for name in NEEDED_BY_CODE if getattr(part, name) in ((), "none")]
        if lacking:
            raise CourseError(f"{where}: a part of code needs {' and '.join(lacking)}; found none.")
    _require_components(part)
    for name, share in part.partial.items() if isinstance(part.partial, dict) else ():
        if not 0 <= share <= 1:
            raise CourseError(f"{where[:-1]}.partial]: expected {name} to be in [0, 1], got {share:g}.")
    for name, weights in part.weights.items():
        _require_tiers(f"{where[:-1]}.weights.{name}]", weights)
    if part.variants and not part.key_file:
        raise CourseError(f"{where}: variants need a key_file; name a file with a long random text.")
    if part.weights and part.test_set is None:
        raise CourseError(f"{where}: files of weights need a table [parts.{part.name}.test_set].")
    return part


def _require_components(part: Part) -> None:
    """Raise CourseError for points that cannot be shown exactly, and for a file that nobody hands in.

    An entry of [weights] without a component is one whose component was taken out.
    """
    where = f"assignment.toml, [parts.{part.name}.components]"
    spare = set(part.weights) - {component.name for component in part.components}

    def meant(name: str) -> str:
        return like(name, spare) if spare else ""

    for component in part.components:
        points = component.points
        if abs(in_hundredths(points) / HUNDREDTHS - points) > 1e-9:
            raise CourseError(
                f"{where}: expected {component.name} to have points with at most two decimals, as gradebooks "
                f"show them, got {points:g}."
            )
        if component.name not in part.weights and component.file not in part.answer_files:
            raise CourseError(
                f"{where}: the file {component.file!r} of {component.name} is not in answer_files, and "
                f"[parts.{part.name}.weights] does not mention it{meant(component.name)}."
            )


def _require_tiers(where: str, weights: Weights) -> None:
    lists = weights.tiers.values() if isinstance(weights.tiers, dict) else [weights.tiers]
    for tiers in lists:
        _require_list_of_tiers(where, tiers)


def _require_list_of_tiers(where: str, tiers: Tiers) -> None:
    """Raise CourseError unless values and shares rise within [0, 1], and more than 0 can be earned."""
    in_bounds = all(0 <= value < 1 and 0 <= share <= 1 for value, share in tiers)
    is_rising = all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(tiers))
    if not tiers or not in_bounds or not is_rising or tiers[-1][1] <= 0:
        raise CourseError(
            f"{where}: expected tiers [value to exceed, share of the points], both rising, with values of at "
            f"least 0 and below 1 and shares in [0, 1], got {[list(tier) for tier in tiers]}."
        )


def require_distinct(parts: tuple[Part, ...]) -> None:
    """Raise CourseError if two parts share what each must have for itself."""
    for field, words in EXCLUSIVE.items():
        seen: dict[str, str] = {}
        for part in parts:
            value = str(getattr(part, field))
            if value in seen:
                raise CourseError(
                    f"assignment.toml, [parts.{part.name}]: the {words} {value!r} is also that of "
                    f"[parts.{seen[value]}]; give each part its own."
                )
            seen[value] = part.name


def require_deadlines(late: LatePolicy | None, parts: Sequence[str]) -> None:
    """Raise CourseError for a deadline of no part, or one that is no time."""
    for name, text in late.due.items() if late else ():
        if name not in parts:
            raise CourseError(f"assignment.toml, [late.due]: no part is called {name}{like(name, parts)}.")
        if text and moment(text) is None:
            raise CourseError(
                f"assignment.toml, [late.due]: expected {name} to be a time with its offset, such as "
                f'"2026-03-01T23:59:00+01:00", got {text!r}.'
            )


def require_drops(table: Mapping[str, Any], parts: Sequence[str]) -> None:
    """Raise CourseError for a table [drop] that names no part, or gives no reason."""
    for name, tests in table.items():
        if name not in parts:
            raise CourseError(f"assignment.toml, [drop]: no part is called {name}{like(name, parts)}.")
        if not isinstance(tests, Mapping):
            raise CourseError(
                f'assignment.toml, [drop]: expected {name}."1.2" = "why", got {name} = {tests!r}.'
            )
        for test, reason in tests.items():
            if not isinstance(reason, str) or not reason.strip():
                raise CourseError(
                    f'assignment.toml, [drop]: expected {name}."{test}" to be the reason, as a text, which '
                    f"students read, got {reason!r}."
                )


def require_form(value: str, field: str, form: re.Pattern[str], example: str) -> None:
    """Raise CourseError if `value` is neither empty nor of the `form` that `example` has."""
    if value and not form.fullmatch(value):
        raise CourseError(
            f'assignment.toml, [assignment]: expected {field} to be "" or like "{example}", got {value!r}.'
        )


def require_sense(feedback: Feedback) -> None:
    """Raise CourseError if one setting would tell what another one hides."""
    if feedback.leaderboard and feedback.hidden_tests != "visible":
        raise CourseError(
            "assignment.toml, [feedback]: a leaderboard shows everybody's points, but hidden_tests is "
            f'{feedback.hidden_tests!r}; expected leaderboard = false or hidden_tests = "visible".'
        )
