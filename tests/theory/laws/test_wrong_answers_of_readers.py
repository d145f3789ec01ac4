"""Wrong answers by a reader who knew the questions and no law: nine of ten are named, each for what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from theory.check import AnswerResult

LIST = Path(__file__).with_name("wrong_answers.txt").read_text("utf-8").splitlines()
ROWS = [tuple(part.strip() for part in line.split(" |")) for line in LIST if not line.startswith("#")]
NAMED = [name for _, _, _, name in ROWS if name]


@pytest.mark.parametrize(
    ("id", "text", "what", "name"), ROWS, ids=[f"{id} {text[:24]}" for id, text, _, _ in ROWS]
)
def test_an_answer_is_named_for_what_the_student_did(
    check: Callable[..., AnswerResult], id: str, text: str, what: str, name: str
) -> None:
    result = check(id, text)
    assert result.status in ("wrong", "unparsed", "form"), what
    assert (result.misconception, bool(result.hint)) == (name, bool(name)), what


def test_nine_of_ten_answers_are_named() -> None:
    assert len(ROWS) >= 240
    assert len(NAMED) >= 0.9 * len(ROWS)
