from __future__ import annotations

import time

import pytest

from theory.answers import read_answers
from theory.errors import AnswersError


def test_answers_are_texts_whatever_yaml_would_make_of_them() -> None:
    data = b"# mine\na.size: 4x9\na.number: 1.50\na.yes: yes\na.date: 2024-02-30\na.rows: |\n  1 0\n  0 1\n"
    assert read_answers(data) == {
        "a.size": "4x9", "a.number": "1.50", "a.yes": "yes", "a.date": "2024-02-30", "a.rows": "1 0\n0 1\n"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["a: ", 'a: ""', "a: ~", "a: null", "a: '  '", "a: TODO"])
def test_blank_answers_are_blank(text: str) -> None:
    assert read_answers(text.encode()) == {"a": ""}


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_has_no_answers(text: str) -> None:
    assert read_answers(text.encode()) == {}


def test_backslashes_survive_in_single_quotes() -> None:
    assert (
        read_answers(rb"a: '\begin{bmatrix} 1 \\ 2 \end{bmatrix}'")["a"]
        == r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"
    )


BOMB = "a: &a ['x','x']\n" + "\n".join(f"{name}: &{name} [*a,*a,*a,*a,*a,*a]" for name in "bcdefgh")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: !!python/object/apply:os.system ['id']", "line 1: tags (!) are not read"),
        (b"a: &x 1\nb: *x", "line 1: anchors (&) and aliases (*) are not read"),
        (BOMB.encode(), "anchors (&) and aliases (*)"),
        (b"a: 1\na: 2", "line 2: 'a' is answered twice"),
        (b"a: [1, 2]", "expected one text an answer, got a list or a mapping"),
        (b"a:\n  b: 1", "expected one text an answer"),
        (b"- 1\n- 2", "expected one text an answer"),
        (b"just text", "expected lines such as"),
        (b"a: 1\n---\nb: 2", "expected lines such as"),
        (b'a: "\\begin{x}"\nb: "\\q"', "line 2"),
        (b"a: 'open", "line"),
        (b"a: \xff\xfe", "expected UTF-8 text, got the byte 0xff"),
        (b"a: \x00", "this is no YAML"),
        (b"{" * 5_000, "line 1"),
        (b"[" * 5_000, "line 1"),
        (b"x" * 5_000_000, "expected at most 512 KiB, got 4882 KiB"),
        (b"<<: 1\n? [a]\n: 1", "expected one text an answer"),
    ],
)
def test_what_is_no_sheet_of_answers_is_refused_in_one_message(data: bytes, words: str) -> None:
    began = time.perf_counter()
    with pytest.raises(AnswersError) as caught:
        read_answers(data)
    message = str(caught.value)
    assert words in message and message.startswith("answers.yaml") and len(message) < 300
    assert time.perf_counter() - began < 2
