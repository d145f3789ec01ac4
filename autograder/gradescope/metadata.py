"""submission_metadata.json: what Gradescope says about a submission and the students' earlier ones."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.core.cohort import Student

LONGEST = 200  # characters of a name, an id or an address
GRADED_AT = "graded_at"  # in our extra_data: when the submissions of the span were graded


@dataclass(frozen=True)
class Metadata:
    """When a submission came, and what is known of earlier ones; nothing if Gradescope does not say.

    Attributes: due_at     the deadline with extensions, the latest of a group;
                graded_at  when earlier submissions were graded, as far as a rate limit counts them;
                scores     test number → (score, max_score) in the results of the latest one;
                students   whose submission it is.
    """

    created_at: datetime | None = None
    graded_at: tuple[datetime, ...] = ()
    scores: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    due_at: datetime | None = None
    students: tuple[Student, ...] = ()


def read_metadata(path: Path) -> Metadata:
    """Read what is of use in the file at `path`; whatever is missing or of another form is passed over.

    A rate limit rests on it, and a limit that cannot be checked must not keep anybody from being graded.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Metadata()
    if not isinstance(table, dict):
        return Metadata()
    previous = [entry for entry in _list(table.get("previous_submissions")) if isinstance(entry, dict)]
    latest = _latest_results(previous)
    return Metadata(
        _time(table.get("created_at")),
        _graded_at(previous, latest),
        dict(_scores(latest)),
        _due_at(table),
        tuple(_students(table)),
    )


def _students(table: Mapping[str, Any]) -> Iterator[Student]:
    """Yield the students by name, SID and address; Gradescope's own number of a user is in no roster."""
    for user in _list(table.get("users")):
        if isinstance(user, dict):
            name, sid, email = (_text(user.get(field)) for field in ("name", "sid", "email"))
            if name or sid or email:
                yield Student(name or email or sid, sid, email)


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST else ""


def _due_at(table: Mapping[str, Any]) -> datetime | None:
    """Return the deadline of its students, which counts their extensions, else that of the assignment."""
    own = [user.get("assignment") for user in _list(table.get("users")) if isinstance(user, dict)]
    for entries in (own, [table.get("assignment")]):
        times = list(_times(entry.get("due_date") for entry in entries if isinstance(entry, dict)))
        if times:
            return max(times)
    return None


def _latest_results(previous: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the results of the latest submission that has any; Gradescope gives those of the latest only."""
    having = [entry for entry in previous if isinstance(entry.get("results"), dict)]
    dated = [(time, entry["results"]) for entry in having if (time := _time(entry.get("submission_time")))]
    return max(dated, key=lambda pair: pair[0])[1] if dated else {}


def _graded_at(previous: Iterable[Mapping[str, Any]], latest: Mapping[str, Any]) -> tuple[datetime, ...]:
    """Return the times that our latest results counted; without them, all that did not end in an error."""
    extra = latest.get("extra_data")
    if isinstance(extra, dict) and isinstance(extra.get(GRADED_AT), list):
        return tuple(_times(extra[GRADED_AT]))
    return tuple(
        _times(entry.get("submission_time") for entry in previous if not entry.get("autograder_error"))
    )


def _scores(results: Mapping[str, Any]) -> Iterator[tuple[str, tuple[float, float]]]:
    for test in _list(results.get("tests")):
        if isinstance(test, dict) and isinstance(test.get("number"), str):
            score, most = _number(test.get("score")), _number(test.get("max_score"))
            if score is not None and most is not None:
                yield test["number"], (score, most)


def _number(value: Any) -> float | None:
    """Return a finite number as it is, anything else as None."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else None


def _times(values: Iterable[Any]) -> Iterator[datetime]:
    return (time for value in values if (time := _time(value)))


def _time(value: Any) -> datetime | None:
    """Return the time that an ISO text with a zone states, else None."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(f"{value[:-1]}+00:00" if value.endswith("Z") else value)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
