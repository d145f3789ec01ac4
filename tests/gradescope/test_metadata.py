"""What Gradescope tells of a submission: read where it is sound, passed over where it is not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.gradescope.metadata import Metadata, read_metadata

ZONE = timezone(timedelta(hours=-7))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "created_at",
                    "previous_submissions",
                    "results",
                    "tests",
                    "extra_data",
                    "graded_at",
                    "number",
                ]
            ),
            inner,
        )
    ),
)


def at(day: int) -> str:
    return f"2026-03-0{day}T10:00:00.365935-07:00"


def time(day: int) -> datetime:
    return datetime(2026, 3, day, 10, microsecond=365935, tzinfo=ZONE)


def read(folder: Path, table: Any) -> Metadata:
    (folder / "m.json").write_text(json.dumps(table))
    return read_metadata(folder / "m.json")


def test_without_results_all_earlier_submissions_count_but_those_that_ended_in_an_error(
    tmp_path: Path,
) -> None:
    previous = [
        {"submission_time": at(1), "score": 3.0, "autograder_error": False},
        {"submission_time": at(2), "score": 0.0, "autograder_error": True},
    ]
    found = read(tmp_path, {"created_at": at(3), "previous_submissions": previous})
    assert found == Metadata(time(3), (time(1),))


def test_our_own_latest_results_say_what_counts_and_what_was_scored(tmp_path: Path) -> None:
    tests = [{"number": "1.1", "score": 2, "max_score": 3}, {"number": "1.2", "score": "7", "max_score": 7}]
    previous = [
        {"submission_time": at(1), "results": {"tests": [], "extra_data": {"graded_at": []}}},
        {"submission_time": at(3), "results": {"tests": tests, "extra_data": {"graded_at": [at(2)]}}},
    ]
    found = read(tmp_path, {"created_at": at(4), "previous_submissions": previous[::-1]})
    assert found == Metadata(time(4), (time(2),), {"1.1": (2.0, 3.0)})


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000, '{"created_at": 5}', "\x00"])
def test_a_file_of_another_form_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)
    assert read_metadata(tmp_path / "m.json") == Metadata()
    assert read_metadata(tmp_path / "missing.json") == Metadata()


@pytest.mark.parametrize(
    ("text", "is_time"),
    [("2026-03-01T10:00:00Z", True), ("2026-03-01T10:00:00", False), ("soon", False), ("", False)],
)
def test_only_a_time_with_a_zone_is_a_time(tmp_path: Path, text: str, is_time: bool) -> None:
    assert (read(tmp_path, {"created_at": text}).created_at is not None) == is_time


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=JSON)
def test_no_json_at_all_is_an_error(tmp_path: Path, table: Any) -> None:
    assert isinstance(read(tmp_path, table), Metadata)
