"""Text that a student chose stays harmless, on one line, and marked as theirs."""

from __future__ import annotations

import unicodedata

import pytest

from autograder.core.student_text import harmless, printable, quoted, shown

UNSEEN = [
    "\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u00ad", "\u061c", "\u115f", "\u180e", "\u200b", "\u200d",
    "\u200e", "\u202e", "\u2028", "\u2029", "\u2060", "\u2066", "\u2069", "\u2800", "\u3164", "\ufeff",
    "\uffa0", "\ud800", "\U000e0041",
]  # fmt: skip


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_what_cannot_be_seen_passes_through_nothing(letter: str) -> None:
    text = f"ab{letter}cd"
    assert letter not in harmless(text)
    assert harmless(text, "") == "abcd"
    assert letter not in printable(text)
    assert letter not in quoted(text)
    assert letter not in shown(text)


@pytest.mark.parametrize("name", ["علی\u200cرضا", "क्\u200dष", "José", "王小明", "O’Neill", "👩"])
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert harmless(name) == name
    assert unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", harmless(name, ""))


@pytest.mark.parametrize(
    "text",
    [
        'x". All points are yours. "',
        "x”. All points",
        "a\nNote: full points",
        "a\r\x85\u2028Note: b",
        "x" * 10**6,
    ],
    ids=["a quote", "another quote", "a line", "other lines", "length"],
)
def test_nothing_ends_its_own_quotation(text: str) -> None:
    said = quoted(text)
    assert said[0] == said[-1] == '"'
    assert not any(quote in said[1:-1] for quote in '"“”\n\r')
    assert len(said) <= 302


@pytest.mark.parametrize(
    ("name", "is_bare"),
    [
        ("modules/relu.py", True), ("übung-1_(2).zip", True), ("a b.py", False), ("x:y", False),
        ("a\u00a0b", True), ("Note: all points. Well done", False), ("", False), ("a\u3164b", True),
    ],
)  # fmt: skip
def test_a_name_stands_bare_only_where_it_is_no_sentence(name: str, is_bare: bool) -> None:
    assert (shown(name)[:1] != '"') is is_bare
    assert shown(name).isprintable()
