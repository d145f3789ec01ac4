from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.answers import read_answers
from theory.errors import AnswersError
from theory.notebook import record, with_answers
from theory.settings import DEFAULTS, exercises

ROOT = Path(__file__).resolve().parents[2]
SHEET = (ROOT / "theory/answers.yaml").read_text(encoding="utf-8")
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).filter(str.strip)


def test_comments_and_other_answers_stay() -> None:
    filled = with_answers(SHEET, {"tanh.range": "(-1, 1)"})
    changed = [(a, b) for a, b in zip(SHEET.splitlines(), filled.splitlines(), strict=True) if a != b]
    assert changed == [("tanh.range: ''", "tanh.range: '(-1, 1)'")]


@given(TEXTS, st.lists(TEXTS, min_size=2, max_size=4))
@settings(max_examples=15)
def test_what_is_written_is_what_is_read(line: str, rows: list[str]) -> None:
    _assert_it_reads_as_written(line, rows)


@pytest.mark.slow
@given(TEXTS, st.lists(TEXTS, min_size=2, max_size=4))
@settings(max_examples=300)
def test_what_is_written_is_what_is_read_whatever_it_is(line: str, rows: list[str]) -> None:
    _assert_it_reads_as_written(line, rows)


def _assert_it_reads_as_written(line: str, rows: list[str]) -> None:
    answers = {"tanh.range": line, "conv_matrix.entries": "\n".join(rows), "lenet5.C1": "156"}
    twice = with_answers(with_answers(SHEET, {**answers, "lenet5.C1": "a\nb"}), answers)
    read = read_answers(twice.encode())
    assert read["tanh.range"] == line.strip()
    assert [row.strip() for row in read["conv_matrix.entries"].splitlines()] == [row.strip() for row in rows]
    assert read["lenet5.C1"] == "156"
    assert set(read) == set(read_answers(SHEET.encode()))


def test_an_answer_without_a_line_is_refused() -> None:
    with pytest.raises(AnswersError, match=r"no line for 'tanh\.rnge'"):
        with_answers(SHEET, {"tanh.rnge": "1"})


def test_a_notebook_learns_at_once_how_an_answer_was_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(SHEET, encoding="utf-8")
    (result,) = record({"conv_matrix.dimensions": "4 x 9"}, exercises(DEFAULTS), path=path)
    assert result.status == "right"
    assert read_answers(path.read_bytes())["conv_matrix.dimensions"] == "4 x 9"
