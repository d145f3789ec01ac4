"""Who is graded when: sliding spans, decided by times that Gradescope states."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.manifest import RateLimit
from autograder.core.rate_limit import refusal, take_turn

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
HOURS = st.lists(st.floats(min_value=0.01, max_value=60), max_size=12)


def ago(*hours: float) -> list[datetime]:
    return [NOON - timedelta(hours=each) for each in hours]


@pytest.mark.parametrize(
    ("submissions", "graded", "opens_in"),
    [
        (1, [], None),
        (1, [2], 22),
        (2, [2], None),
        (2, [2, 3], 21),
        (2, [2, 3, 30], 21),
        (2, [1, 2, 3], 22),  # the limit was lowered since
        (1, [24], None),  # the span has just ended
        (1, [-5], None),  # what came later does not count in a regrade
        (2, [2, 2], None),  # the same submission, told twice
    ],
)
def test_a_submission_is_graded_while_the_span_has_room(
    submissions: int, graded: list[float], opens_in: float | None
) -> None:
    turn = take_turn(RateLimit(submissions, 24), NOON, ago(*graded))
    assert turn.opens_at == (None if opens_in is None else NOON + timedelta(hours=opens_in))


@given(hours=HOURS, submissions=st.integers(1, 5))
def test_whoever_comes_back_when_told_is_graded_and_a_moment_earlier_is_not(
    hours: list[float], submissions: int
) -> None:
    limit, graded = RateLimit(submissions, 24), ago(*hours)
    turn = take_turn(limit, NOON, graded)
    if turn.opens_at is not None:
        assert turn.opens_at > NOON
        assert take_turn(limit, turn.opens_at, graded).opens_at is None
        early = take_turn(limit, turn.opens_at - timedelta(microseconds=1), graded)
        assert early.opens_at == turn.opens_at


@given(
    gaps=st.lists(st.floats(min_value=0.01, max_value=30), min_size=1, max_size=30),
    submissions=st.integers(1, 4),
)
def test_no_span_holds_more_than_the_limit_however_often_somebody_tries(
    gaps: list[float], submissions: int
) -> None:
    limit, now, graded = RateLimit(submissions, 24), NOON, []
    for gap in gaps:
        now += timedelta(hours=gap)
        if take_turn(limit, now, graded).opens_at is None:
            graded.append(now)
    for end in graded:
        assert sum(end - timedelta(hours=24) < time <= end for time in graded) <= submissions


def test_the_student_reads_when_to_come_back_in_the_zone_of_the_course() -> None:
    zone = timezone(timedelta(hours=-8))
    turn = take_turn(RateLimit(1, 24), NOON.astimezone(zone), ago(2))
    assert turn.opens_at is not None
    assert refusal(RateLimit(1, 24), turn.opens_at) == (
        "Not graded: at most 1 submission is graded within 24 hours. "
        "Your next graded submission is possible from 2026-03-02 02:00:00 (UTC-0800)."
    )
