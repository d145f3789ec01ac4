"""Tables in Markdown: what a law says about answers, on one line each."""

from __future__ import annotations

import pytest

from theory.chapter import answers_table, misconceptions_table
from theory.law import Law, Misconception
from theory.questions import conv_matrix, exercise

SMALL = exercise(conv_matrix, {"kernel": [2, 2], "input": [3, 3], "stride": 1, "padding": 0})


def rows(table: str) -> list[list[str]]:
    return [[field.strip() for field in line.strip("|").split("|")] for line in table.splitlines()]


def test_every_answer_has_a_row_with_its_verdict_and_its_misconception() -> None:
    table = rows(answers_table(SMALL, "dimensions", ["4 x 9", "9 x 4", "7 x 7", "(("]))
    assert [row[1] for row in table[2:]] == ["right", "wrong", "wrong", "another form"]
    assert "**dimensions-transposed**: y = A x" in table[3][2]
    assert "**" not in table[4][2]


def test_what_cannot_be_read_is_shown_with_its_caret() -> None:
    (row,) = rows(answers_table(SMALL, "entries", ["w00 + q"]))[2:]
    assert row[1] == "not read"
    assert row[2].endswith("^</code>") and "<br>" in row[2]


def test_what_cannot_be_read_keeps_its_lines_and_its_row() -> None:
    (_head, _rule, row) = rows(answers_table(SMALL, "dimensions", ["4 | <b> $x$\n9"]))
    assert len(row) == 3
    assert row[0] == "<code>4 &#124; &lt;b&gt; &#36;x&#36;</code><br><code>9</code>"


def test_a_blank_that_the_question_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(ValueError, match="expected a blank, one of dimensions, entries, got 'size'"):
        answers_table(SMALL, "size", ["1"])


def test_every_misconception_has_a_row_with_its_example_and_its_hint() -> None:
    one = Misconception("by-heart", "Work it out.", lambda _answer, _sheet: True, "[[1, 2]]")
    law = Law("It is so.", lambda _answer, _sheet: False, lambda _answer, _sheet: "", (one,))
    assert rows(misconceptions_table(law))[2:] == [
        ["**by-heart**", "<code>&#91;&#91;1, 2&#93;&#93;</code>", "Work it out."]
    ]
