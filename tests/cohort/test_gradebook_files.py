"""Gradebooks read back: namesakes are refused, and late days of all parts fit into one purse."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cohort.gradebook_files import read_rows, read_spent, require_purses, require_told_apart
from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError
from autograder.core.grants import Grants
from autograder.core.people import People, Person

HEAD = "student,id,sid,login,section,late_days,score\n"


@pytest.fixture
def books(tmp_path: Path) -> list[Path]:
    rows = {
        "part1": "Ada,1,,ada,A,2,90\n'=Bo,2,,bo,A,,80\n,,,,,3,10\n",
        "theory": "Ada,1,,ada,A,2,90\nBo,2,,bo,B,1,5\n",
    }
    for name, text in rows.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "gradebook.csv").write_text(HEAD + text, encoding="utf-8-sig")
    return [tmp_path / name for name in rows]


def test_days_are_added_up_over_parts_and_of_those_that_count(books: list[Path]) -> None:
    spent = read_spent(books)
    assert spent.of(Student("Ada", login="ada")) == 4
    assert spent.of(Student("x", canvas_id="2")) == 1
    assert sum(spent.persons.values()) == 5


def test_more_days_than_a_purse_holds_are_refused(books: list[Path]) -> None:
    require_purses(read_spent(books), Grants(late_days=4))
    with pytest.raises(SubmissionError, match=r"Ada: all parts together use 4 late days, of 3 .*--earlier"):
        require_purses(read_spent(books), Grants(late_days=3))
    own = People([Person("Ada", login="ada", late_days=4)])
    require_purses(read_spent(books), Grants(own, 3))


def test_an_older_gradebook_used_no_days(books: list[Path]) -> None:
    (books[0] / "gradebook.csv").write_text("student,id,score\nAda,1,5\n")
    assert not read_spent(books[:1]).persons


@pytest.mark.parametrize(
    ("rows", "is_clear"),
    [
        ("Wei,,,,A,,1\nWei,,,,B,,2\n", False),
        ("Wei,1,,,A,,1\nWei,2,,,B,,2\n", True),
        (",,,,,,1\n,,,,,,2\n", True),
    ],
)
def test_namesakes_without_anything_else_are_refused(books: list[Path], rows: str, is_clear: bool) -> None:
    path = books[0] / "gradebook.csv"
    path.write_text(HEAD + rows)
    if is_clear:
        require_told_apart(path, read_rows(path))
        return
    with pytest.raises(SubmissionError, match="two students are called Wei, and nothing else"):
        require_told_apart(path, read_rows(path))
