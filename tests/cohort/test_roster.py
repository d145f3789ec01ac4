"""Whose submission is it, and where do its reports go? Every kind of folder that a course downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cohort.roster import Roster, read_roster
from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course

METADATA = """\
submission_11:
  :created_at: 2025-03-01 10:00:00.000000000 Z
  :submitters:
  - :name: Ada "the first", Lovelace
    :sid: 0042
    :email: ada@example.org
  - :name: Null
    :sid: 1e5
    :email:
  :history: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    :score: 3.0
submission_12:
  :submitters: []
submission_13:
  :submitters:
  - :name: Gone
    :sid: '7'
    :email: gone@example.org
"""


@pytest.fixture
def read(tmp_path: Path, part: Part):
    return lambda folder=tmp_path: read_roster(folder, part=part, out=tmp_path.with_name("results"))


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK")


def folders(roster: Roster) -> dict[str, str]:
    return {entry.folder: Path(entry.path).name for entry in roster.entries}


def test_zips_and_folders_are_submissions_and_other_files_are_mentioned(tmp_path: Path, read) -> None:
    make(tmp_path, "ada.zip", "bob/modules/relu.py", "carl.rar", "notes.txt", ".DS_Store")
    roster = read()
    assert folders(roster) == {"ada": "ada.zip", "bob": "bob", "carl": "carl.rar"}
    assert roster.remarks == ("Not graded, because they are neither zip nor folder: notes.txt.",)


def test_a_sheet_of_answers_is_a_submission_of_its_own_where_the_part_is_one(
    tmp_path: Path, course: Course
) -> None:
    make(tmp_path, "ada.yaml", "bob.zip", "carl_7_12_answers.yml", "notes.txt")
    sheets = read_roster(tmp_path, part=course.manifest.part("theory"), out=tmp_path.with_name("results"))
    assert set(folders(sheets)) == {"ada", "bob", "carl_7"}
    code = read_roster(tmp_path, part=course.manifest.part("convnet"), out=tmp_path.with_name("results"))
    assert set(folders(code)) == {"bob", "carl_7"}  # a row with the reason, for everybody on Canvas


def test_an_export_maps_folders_to_students_in_their_own_words(tmp_path: Path, read) -> None:
    (tmp_path / "submission_metadata.yml").write_text(METADATA)
    make(tmp_path, "submission_11/modules/relu.py", "submission_12/hw.zip", "submission_99/a.py")
    roster = read()
    assert roster.kind == "Gradescope export"
    students = {entry.name: entry.students for entry in roster.entries}
    assert students == {
        "submission_11": (
            Student('Ada "the first", Lovelace', "0042", "ada@example.org"),
            Student("Null", "1e5", ""),
        ),
        "submission_12": (),
        "submission_13": (Student("Gone", "7", "gone@example.org"),),
        "submission_99": (),
    }
    assert folders(roster) == {
        "submission_11": "submission_11",
        "submission_12": "submission_12",
        "submission_13": "",
        "submission_99": "submission_99",
    }
    assert roster.remarks == (
        "submission_99: submission_metadata.yml does not say whose submission this is.",
    )


def test_an_export_is_found_one_folder_down(tmp_path: Path, read) -> None:
    inner = tmp_path / "assignment_5_export"
    make(inner, "submission_11/modules/relu.py")
    (inner / "submission_metadata.yml").write_text(METADATA)
    assert read().kind == "Gradescope export"


@pytest.mark.parametrize(
    "text", ["a: [", "- 1", "!!python/object/apply:os.system ['true']", "\x00"], ids=repr
)
def test_metadata_that_is_none_is_refused_by_name(tmp_path: Path, read, text: str) -> None:
    (tmp_path / "submission_metadata.yml").write_text(text)
    with pytest.raises(SubmissionError, match=r"submission_metadata\.yml: expected the metadata"):
        read()


def test_a_canvas_download_names_its_students(tmp_path: Path, read) -> None:
    make(
        tmp_path,
        "lovelaceada_101_5001_part1.zip",
        "lovelaceada_101_5009_part1-1.zip",
        "o_neill_LATE_102_5002_my_hw_2.zip",
        "turingalan_103_5003_answers.pdf",
    )
    roster = read()
    assert roster.kind == "Canvas download"
    found = {Path(entry.path).name: (entry.students, entry.is_late) for entry in roster.entries}
    assert found == {
        "lovelaceada_101_5009_part1-1.zip": ((Student("lovelaceada", canvas_id="101"),), False),
        "o_neill_LATE_102_5002_my_hw_2.zip": ((Student("o_neill", canvas_id="102"),), True),
        "turingalan_103_5003_answers.pdf": ((Student("turingalan", canvas_id="103"),), False),
    }
    (ada,) = (entry for entry in roster.entries if entry.name == "lovelaceada_101")
    assert [Path(path).name for path in ada.files] == [
        "lovelaceada_101_5001_part1.zip",
        "lovelaceada_101_5009_part1-1.zip",
    ]
    assert roster.remarks == ()


def test_names_that_are_one_on_some_disks_get_folders_of_their_own(tmp_path: Path, read) -> None:
    make(tmp_path, "ada.zip", "Ada.zip", "ada/modules/relu.py", "class.html.zip", "ada-2.zip")
    named = [entry.folder for entry in read().entries]
    assert len({name.casefold() for name in named}) == 5
    assert "class_html" in named
    assert sum("is also called" in entry.remark for entry in read().entries) == 3


@pytest.mark.parametrize(
    "name", ["results.json", "class.html", "Gradebook.CSV", "feedback.zip", "roster.toml"]
)
def test_no_folder_of_reports_is_called_like_a_file_that_we_write(tmp_path: Path, read, name: str) -> None:
    make(tmp_path, f"{name}.zip", "ada.zip")
    (folder,) = (entry.folder for entry in read().entries if entry.name == name)
    assert folder == name.replace(".", "_")


def test_hostile_names_become_harmless_folders(tmp_path: Path, read) -> None:
    make(tmp_path, '=cmd|"x",\n\u202egpj.zip', "-rf.zip", "名前.zip", "a" * 200 + ".zip", "\u202e.zip")
    named = {Path(entry.path).stem[:6]: entry.folder for entry in read().entries}
    assert named == {
        '=cmd|"': "cmd_x_gpj",
        "-rf": "rf",
        "名前": "名前",
        "aaaaaa": "a" * 80,
        "\u202e": "submission",
    }


def test_what_is_no_class_is_refused_with_what_to_do(tmp_path: Path, read, part: Part) -> None:
    with pytest.raises(SubmissionError, match=r"holds no submissions: .*found nothing"):
        read()
    make(tmp_path, "notes.txt")
    with pytest.raises(SubmissionError, match=r"found notes\.txt"):
        read()
    with pytest.raises(SubmissionError, match="found nothing there"):
        read(tmp_path / "nowhere")
    with pytest.raises(SubmissionError, match="found a file; unpack it first"):
        read(tmp_path / "notes.txt")
    make(tmp_path, part.answer_files[0])
    with pytest.raises(SubmissionError, match="found one submission; use `grade`"):
        read()
    with pytest.raises(SubmissionError, match="choose another one"):
        read_roster(tmp_path, part=part, out=tmp_path)


def test_reports_cannot_go_where_a_file_is(tmp_path: Path, part: Part) -> None:
    (tmp_path / "a.zip").write_bytes(b"")
    with pytest.raises(SubmissionError, match=r"--out .*a\.zip: expected a folder to write to, found a file"):
        read_roster(tmp_path, part=part, out=tmp_path / "a.zip")
