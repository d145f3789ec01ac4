"""Course totals: every part, what people grade, one row for each student; what is typed is kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from autograder import cli

PART = "student,id,sid,login,section,email,submission,status,score,max_score\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    books = {
        "part1": "Ada,111,,ada,A,,x,graded,90,100\n"
        "Bo,112,,bo,B,,y,graded,50.5,100\n,,,,,,old,graded,99,100\n",
        "theory": "'=Eve,113,,eve,A,,z,graded,70,71\n"
        "Ada,111,,ada,A,,x,graded,61,71\nBo,112,,bo,B,,,missing,,\n",
    }
    for name, rows in books.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "gradebook.csv").write_text(PART + rows, encoding="utf-8-sig")
    return tmp_path


def merge(course: Path, *options: str) -> int:
    folders = [str(course / "part1"), str(course / "theory")]
    return cli.main(["grades", "merge", *folders, "--out", str(course / "totals.csv"), *options])


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_parts_are_added_up_and_what_is_missing_is_said(course: Path, capsys) -> None:
    assert merge(course) == 0
    found = rows(course / "totals.csv")
    assert [
        (row["student"], row["part1"], row["theory"], row["total"], row["of"], row["missing"])
        for row in found
    ] == [
        ("Ada", "90", "61", "151", "171", ""),
        ("Bo", "50.5", "", "50.5", "171", "theory"),
        ("'=Eve", "", "70", "70", "171", "part1"),
    ]
    assert "theory: 1 students have no points yet" in capsys.readouterr().out


def test_a_rubric_is_made_filled_in_counted_and_kept(course: Path) -> None:
    rubric = course / "rubric.csv"
    made = ("--rubric", str(rubric), "--item", "report=20", "--item", "dead units=5")
    assert merge(course, *made) == 0
    assert list(rows(rubric)[0])[-2:] == ["report (20)", "dead units (5)"]
    rubric.write_text(rubric.read_text().replace("Ada,111,,ada,A,,", "Ada,111,,ada,A,17.5,5"))
    assert merge(course, *made) == 0
    assert rows(course / "totals.csv")[0]["total"] == "173.5"
    assert rows(course / "totals.csv")[0]["of"] == "196"
    (course / "part1" / "gradebook.csv").write_text(PART + "New,114,,new,A,,n,graded,1,100\n")
    assert merge(course, "--rubric", str(rubric)) == 0
    kept = {row["student"]: row["report (20)"] for row in rows(rubric)}
    assert kept == {"New": "", "'=Eve": "", "Ada": "17.5", "Bo": ""}


def test_totals_for_canvas_have_its_column_to_the_letter(course: Path) -> None:
    assert merge(course, "--canvas-column", "Total; all (99)") == 0
    found = rows(course / "totals-canvas.csv")
    assert found[0]["Total; all (99)"] == "171"
    assert (found[1]["ID"], found[1]["Total; all (99)"]) == ("111", "151")


@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        (
            "part1/gradebook.csv",
            PART + "Ada,1,,,,,x,graded,many,100\n",
            (),
            r"row 2: expected points, got many",
        ),
        ("part1/gradebook.csv", PART + "Ada,1,,,,,x,graded,nan,100\n", (), "expected points, got nan"),
        ("rubric.csv", "student,id,report (20)\nAda,111,21\n", ("--rubric",), "between 0 and 20, got 21"),
        ("rubric.csv", "student,id,report\nAda,111,1\n", ("--rubric",), "expected a name and its points"),
        ("rubric.csv", "student,id\nAda,111\n", ("--rubric",), "expected the items that people grade"),
    ],
)
def test_points_that_cannot_be_are_refused_by_their_place(
    course: Path, capsys, name: str, text: str, options: tuple[str, ...], said: str
) -> None:
    (course / name).write_text(text)
    assert merge(course, *(word for option in options for word in (option, str(course / "rubric.csv")))) == 2
    assert said in capsys.readouterr().err
    assert not (course / "totals.csv").exists()


def test_a_folder_without_a_gradebook_is_named(course: Path, capsys) -> None:
    assert cli.main(["grades", "merge", str(course), "--out", str(course / "t.csv")]) == 2
    assert "such as `class` writes it" in capsys.readouterr().err


def test_late_days_of_all_parts_fit_into_the_purse_of_the_manifest(course: Path, capsys) -> None:
    for name in ("part1", "theory"):
        book = course / name / "gradebook.csv"
        book.write_text("student,id,sid,login,section,late_days,score,max_score\nAda,111,,ada,A,1,50,100\n")
    assert merge(course, "--set", "late.late_days=1") == 2
    assert "Ada: all parts together use 2 late days, of 1 in the purse" in capsys.readouterr().err
    assert merge(course, "--set", "late.late_days=2") == 0
