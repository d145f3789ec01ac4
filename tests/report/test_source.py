from __future__ import annotations

import pytest

from report.errors import ReportError
from report.source import decoded, joined


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("$$\na\n- b\n$$\nend", "$$a - b$$"),
        ("$$\na % why\n\n+ b\n$$\nend", "$$a + b$$"),
        ("> $$\n> a\n> = b\n> $$\nend", "> $$a = b$$"),
        ("\\[\na\n= b\n\\]\nend", "$$a = b$$"),
        (
            "\\begin{align}\na &= b \\\\\n&= c\n\\end{align}\nend",
            r"$$\begin{align} a &= b \\ &= c \end{align}$$",
        ),
        ("so \\(a\n+ b\\) is\nend", "so $a + b$ is"),
        ("so $a\n+ b$ is\nend", "so $a + b$ is"),
        ("a 100\\% b $$50\\%$$\nend", "a 100\\% b $$50\\%$$"),
        ("$x = \\begin{bmatrix} 1 \\end{bmatrix}$\nend", "$x = \\begin{bmatrix} 1 \\end{bmatrix}$"),
    ],
    ids=["minus", "comment", "quotation", "brackets", "bare", "round", "dollar", "percent", "inner"],
)
def test_a_formula_is_brought_into_one_line_and_what_follows_keeps_its_line(text: str, formula: str) -> None:
    flat, findings = joined(text)
    assert flat.split("\n")[0] == formula
    assert flat.split("\n").index("end") == text.split("\n").index("end")
    assert not findings


@pytest.mark.parametrize(
    "text",
    [
        "```\n$$\na\n- b\n```",
        "a `$$` b `$$` c",
        "<!-- $$ -->\nx\n<!-- $$ -->",
        "it costs $5 and $6",
        "\\$\\$ x",
    ],
    ids=["listing", "code", "comment", "money", "escaped"],
)
def test_dollars_that_are_no_formula_stay(text: str) -> None:
    assert joined(text) == (text, ())


def test_a_formula_that_does_not_end_is_found_with_its_line() -> None:
    _, (finding,) = joined("one\n\n$$\na + b\n")
    assert str(finding) == "report.md, line 3: $$ opens a formula that does not end; close it with $$."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("grün".encode("latin-1"), "line 1: expected UTF-8, got the byte 0xfc; save the file again as UTF-8"),
        (b"a\nb\n\xff", "line 3: expected UTF-8, got the byte 0xff"),
        ("a".encode("utf-16"), "line 1: expected UTF-8, got UTF-16"),
    ],
    ids=["latin-1", "third-line", "utf-16"],
)
def test_another_encoding_is_named_with_its_line(content: bytes, words: str) -> None:
    with pytest.raises(ReportError) as error:
        decoded(content)
    assert words in str(error.value)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert decoded("\ufeffgrün".encode()) == "grün"


@pytest.mark.parametrize("text", [r"so \\(x\\) is", r"so \(x\) is"])
def test_a_formula_in_round_brackets_may_have_its_backslashes_doubled(text: str) -> None:
    assert joined(text) == ("so $x$ is", ())


def test_a_fence_of_mathematics_is_one_line_and_what_follows_keeps_its_line() -> None:
    assert joined("a\n```math\nx\n+ 1\n```\nb")[0].split("\n") == ["a", "$$x + 1$$", "", "", "", "b"]


def test_a_dollar_that_stands_alone_is_found_with_its_line() -> None:
    _, (finding,) = joined("one\n\nso $x is\n")
    assert str(finding).startswith("report.md, line 3: this $ stands alone and is printed")
