"""One student's data are deleted, and nobody else's; what is written is for its owner's eyes only."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from autograder import cli
from autograder.cohort.forgetting import forget, note_students
from autograder.cohort.ledger import open_ledger
from autograder.core.cohort import Entry, Record, Student
from autograder.core.errors import SubmissionError

ADA = Student("Ada Lovelace", canvas_id="1", login="ada")
NAMESAKE = Student("Ada Lovelace", canvas_id="2", login="ada2")
BO = Student("Bo", canvas_id="3", login="bo")
ENTRIES = (
    Entry("ada_1", "ada_1", "a.zip", (ADA,)),
    Entry("ada_1-2", "ada_1-2", "old.zip", (ADA,)),
    Entry("ada_2", "ada_2", "b.zip", (NAMESAKE,)),
    Entry("group", "group", "c.zip", (ADA, BO)),
    Entry("plain", "plain", "d.zip"),
)
BOOK = """\
student,id,sid,login,section,email,submission,status,report
Ada Lovelace,1,,ada,A,,ada_1,graded,ada_1/report.html
,,,,,,ada_1-2,graded,ada_1-2/report.html
Ada Lovelace,2,,ada2,A,,ada_2,graded,ada_2/report.html
Ada Lovelace,1,,ada,A,,group,graded,group/report.html
Bo,3,,bo,A,,group,graded,group/report.html
,,,,,,plain,graded,plain/report.html
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Part 1
    Points Possible,,,,,100
Ada Lovelace,1,,ada,A,90
Ada Lovelace,2,,ada2,A,80
Bo,3,,bo,A,70
"""
RECORD = Record("x", "key", (), (), (), 0.0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    old = os.umask(0)
    try:
        with open_ledger(tmp_path / "results" / "part1", {"part": "convnet"}) as ledger:
            note_students(ENTRIES, ledger)
            for entry in ENTRIES:
                ledger.keep(entry.folder, RECORD, results="{}", pages={"report.html": "x", "staff.html": "y"})
            for name, text in {
                "gradebook.csv": "\ufeff" + BOOK,
                "canvas.csv": CANVAS,
                "class.html": "x",
            }.items():
                ledger.write(Path(name), text)
    finally:
        os.umask(old)
    return tmp_path / "results" / "part1"


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def left(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if path.is_dir() and path.name != ".class"}


def test_all_of_one_student_goes_and_the_groups_report_stays(out: Path) -> None:
    told = forget(out, "ada")
    assert left(out) == {"ada_2", "group", "plain"}
    assert {path.stem for path in (out / ".class" / "records").iterdir()} == {"ada_2", "group", "plain"}
    assert [row[6] for row in rows(out / "gradebook.csv")[1:]] == ["ada_2", "group", "plain"]
    assert [row[1] for row in rows(out / "canvas.csv")[2:]] == ["2", "3"]
    assert not (out / "class.html").exists()
    assert "deleted 2 folders of reports and 4 rows of ada" in told[0]
    assert told[1] == "Kept for the others of the group: group."
    text = "".join(path.read_text() for path in out.rglob("*") if path.is_file())
    assert "ada," not in text and '"ada"' not in text
    with pytest.raises(SubmissionError, match="no student here"):
        forget(out, "ada")


def test_what_nobody_else_is_called_by_finds_a_nameless_submission(out: Path) -> None:
    forget(out, "plain")
    assert left(out) == {"ada_1", "ada_1-2", "ada_2", "group"}
    assert [row[6] for row in rows(out / "gradebook.csv")[1:]][-1] == "group"


def test_a_name_of_two_is_refused_with_both(out: Path) -> None:
    with pytest.raises(SubmissionError, match="name one by an id or login") as refused:
        forget(out, "ada lovelace")
    assert 'may be each of "Ada Lovelace", 1, ada; "Ada Lovelace", 2, ada2;' in str(refused.value)
    assert len(left(out)) == 5


def test_the_command_names_a_folder_that_is_no_class(out: Path, tmp_path: Path, capsys) -> None:
    assert cli.main(["forget", "bo", str(out)]) == 0
    assert "deleted 0 folders of reports and 2 rows" in capsys.readouterr().out
    assert cli.main(["forget", "bo", str(tmp_path)]) == 2
    assert "expected the results of `class`" in capsys.readouterr().err


def test_nobody_but_the_owner_reads_or_lists_what_is_written(out: Path) -> None:
    found = [out.parent, out, *out.rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_dir()} == {"0o700"}
