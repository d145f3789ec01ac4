from __future__ import annotations

import codecs
import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


WRITTEN = {
    "a list without quotes": ("a.b: [-2, 0]", "[-2, 0]"),
    "a matrix without quotes": ("a.b: [[1, 0], [0, 1]]  # mine", "[[1, 0], [0, 1]]"),
    "a set without quotes": ("a.b: {-2, 0}", "{-2, 0}"),
    "a list on lines": ("a.b:\n  - -2\n  - 0", "-2, 0"),
    "a list on lines at the margin": ("a.b:\n- -2\n- 0", "-2, 0"),
    "a table": ("a:\n  b: '(-1, 1)'", "(-1, 1)"),
    "a colon": ("a.b: y: (-1, 1)", "y: (-1, 1)"),
    "a colon, and a comment": ("a.b: y: (-1, 1)  # open", "y: (-1, 1)"),
    "an apostrophe": ("a.b: 'y' = y(1-y)'", "y' = y(1-y)"),
    "quotes inside of quotes": ('a.b: "a "b" c"', 'a "b" c'),
    "an escape that YAML does not know": (r'a.b: "4\sigma(2x)\sigma(-2x)"', r"4\sigma(2x)\sigma(-2x)"),
    "no blank behind the colon": ("a.b:'4 x 9'", "4 x 9"),
    "no blank and no quotes": ("a.b:4 x 9", "4 x 9"),
    "rows behind tabs": ("a.b: |\n\t1, 0\n\t0, 1", "1, 0\n0, 1"),
    "a tab before the answer": ("a.b:\t'4 x 9'", "4 x 9"),
    "a percent sign": ("a.b: %5", "%5"),
    "an at sign": ("a.b: @x", "@x"),
    "a backtick": ("a.b: `x`", "`x`"),
    "a closing bracket first": ("a.b: ]-1, 1[", "]-1, 1["),
    "an open bracket left open": ("a.b: [0, 1)", "[0, 1)"),
    "a brace left open": ("a.b: {L0, L1", "{L0, L1"),
    "a comma first": ("a.b: ,5", ",5"),
    "quotes around the name": ('"a.b": [1]', "[1]"),
    "a dash": ("a.b: - 2", "- 2"),
    "more behind the quotes": ("a.b: '4' x '9'", "4' x '9"),
    "a question mark": ("a.b: ? 4", "? 4"),
}


@pytest.mark.parametrize(("line", "text"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_clear_on_its_line_is_read_as_it_is_written(line: str, text: str) -> None:
    read = read_answers(f"x.y: '1'\n{line}\n# more\nz.z: \"2\"\n".encode())
    assert {one: found.strip() for one, found in read.items()} == {"x.y": "1", "a.b": text, "z.z": "2"}
    assert not read.faults


LOST = {
    "quotes that do not end": ("a.b: '4 x 9", "line 2: the ' is not closed"),
    "double quotes that do not end": ('a.b: "4 x 9', 'line 2: the " is not closed'),
    "a tag": ("a.b: !!python/object/apply:os.system ['id']", "line 2: tags (!) are not read"),
    "an anchor": ("a.b: &x 1", "line 2: anchors (&) and aliases (*) are not read"),
    "an alias": ("a.b: *x", "anchors (&) and aliases (*) are not read"),
    "a list in a list on lines": ("a.b:\n  - [1]\n  - 2", "expected one text per answer, got a list"),
    "an answer twice": ("a.b: '1'\na.b: '2'", "lines 2 and 3: 'a.b' is answered twice"),
    "three different answers": ("a.b: '1'\na.b: '2'\na.b: '1'", "answered twice"),
}


@pytest.mark.parametrize(("lines", "words"), LOST.values(), ids=LOST)
def test_what_is_not_clear_costs_its_own_answer_and_no_other(lines: str, words: str) -> None:
    read = read_answers(f"x.y: '1'\n{lines}\nz.z: \"2\"\n".encode())
    assert read == {"x.y": "1", "z.z": "2"}
    assert words in read.faults["a.b"] and read.faults["a.b"].startswith("answers.yaml, line")


def test_the_same_answer_twice_is_one_answer() -> None:
    assert read_answers(b"a: '1'\na: '1'") == {"a": "1"}


def test_many_faults_cost_their_own_answers_only() -> None:
    broken = "a.a: '1'\n" + "\n".join(f"b.b{n}: 'open" for n in range(50)) + "\nc.c: '3'\nd.d: y: 4\n"
    read = read_answers(broken.encode())
    assert read == {"a.a": "1", "c.c": "3", "d.d": "y: 4"} and len(read.faults) == 50


TEXT = "# Größe … –\na.b: '4 x 9'\nc.d: \"−1 … ü\"\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "byte order mark"), (TEXT.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"), (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"), (TEXT.encode("utf-32"), "UTF-32"), (TEXT.encode(), ""),
        (TEXT.replace("\n", "\r\n").encode(), ""), (TEXT.replace("\n", "\r").encode(), ""),
        (TEXT.replace("−", "-").encode("cp1252"), "cp1252"),
        (TEXT.replace("\n", "\r\n").encode("utf-16"), "UTF-16"),
    ],
)  # fmt: skip
def test_a_sheet_is_read_in_the_encoding_it_was_saved_in(data: bytes, words: str) -> None:
    read = read_answers(data)
    assert read["a.b"] == "4 x 9" and read["c.d"].replace("−", "-") == "-1 … ü"
    assert words in "".join(read.remarks) and bool(read.remarks) == bool(words)


def test_a_byte_that_no_encoding_knows_costs_nothing() -> None:
    read = read_answers(b"# \x81\xfc\na: '4 x 9'\n")
    assert read == {"a": "4 x 9"} and "Save it as UTF-8" in read.remarks[0]


@pytest.mark.parametrize("char", ["\x0c", "\x00", "\x07", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_costs_its_own_answer_at_most(char: str) -> None:
    read = read_answers(f"# from{char} a PDF\na: '4 {char}x 9'\nb: '2'\n".encode())
    assert read["b"] == "2" and "\ufffd" in read["a"]


def test_answers_can_go_to_another_process() -> None:
    read = read_answers(b"a: '1'\nb: 'x\nc: '2'\n")
    again = pickle.loads(pickle.dumps(read))
    assert (dict(again), again.faults) == (dict(read), read.faults)


BOMB = "a: &a ['x','x']\n" + "\n".join(f"{name}: &{name} [*a,*a,*a,*a,*a,*a]" for name in "bcdefgh")


def test_aliases_are_never_expanded() -> None:
    read = read_answers(BOMB.encode())
    assert not read and len(read.faults) == 8


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"- 1\n- 2", "expected lines such as"),
        (b"just text", "expected lines such as"),
        (b"a: 1\n---\nb: 2", "expected lines such as"),
        (b"!!python/dict\na: x", "tags (!) are not read"),
        (b"{" * 5_000, "answers.yaml"),
        (b"[" * 5_000, "answers.yaml"),
        (b"x" * 5_000_000, "expected at most 512 KiB, got 4882 KiB"),
        (b"? [a]\n: 1", "expected one text per answer"),
        (bytes(range(256)), "answers.yaml"),
        (b"a: 1\n" * 20_000, "answers.yaml: expected at most"),
    ],
)
def test_what_is_no_sheet_of_answers_is_refused_in_one_message(data: bytes, words: str) -> None:
    began = time.process_time()
    with pytest.raises(AnswersError) as caught:
        read_answers(data)
    message = str(caught.value)
    assert words in message and message.startswith("answers.yaml") and len(message) < 300
    assert time.process_time() - began < 4


PIECES = st.sampled_from(
    [
        "a.b",
        ": ",
        ":",
        "'",
        '"',
        "\n",
        "  ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        "- ",
        "|",
        "&x",
        "*x",
        "!t",
        "#",
        "\\",
        "é",
        "\x00",
        "4 x 9",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=200, deadline=None)
def test_whatever_a_sheet_holds_its_good_lines_are_read_or_it_is_refused(text: str, encoding: str) -> None:
    try:
        read = read_answers(f"good.one: '1'\n{text}\ngood.two: '2'\n".encode(encoding, errors="replace"))
    except AnswersError as error:
        assert str(error).startswith(("answers.yaml", "line"))
    else:
        assert all(isinstance(one, str) for one in read.values())
        assert "good.one" in {*read, *read.faults}
