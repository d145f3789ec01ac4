"""Nothing that a student packs decides who is in the class, or where reports are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cohort.gradescope_export import GROUP, LONGEST, read_export
from autograder.cohort.roster import read_roster
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.grading.folders import as_folder, folder_names, require_apart

FORGED = """\
submission_1:
  :submitters:
  - :name: Alice Smith
    :sid: "1001"
"""


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK")


def forge(folder: Path) -> None:
    make(folder, "submission_1/modules/relu.py", "submission_2/modules/relu.py")
    (folder / "submission_metadata.yml").write_text(FORGED)


@pytest.mark.parametrize("others", [(), ("alice.zip",), ("alice.zip", "bob/modules/relu.py")], ids=len)
@pytest.mark.parametrize("name", ["mallory", "submission_1", "export", "assignment_x_export"])
def test_a_submission_that_holds_an_exports_metadata_is_one_submission(
    tmp_path: Path, part: Part, name: str, others: tuple[str, ...]
) -> None:
    forge(tmp_path / "in" / name)
    make(tmp_path / "in", *others)
    roster = read_roster(tmp_path / "in", part=part, out=tmp_path / "out")
    assert roster.kind == "folder"
    assert {entry.name for entry in roster.entries} == {
        name,
        *(Path(each.split("/")[0]).stem for each in others),
    }
    assert not [entry for entry in roster.entries if entry.students]
    assert any(name in remark and "that file is ignored" in remark for remark in roster.remarks)


def test_a_folder_with_an_exports_name_is_no_export_beside_other_submissions(
    tmp_path: Path, part: Part
) -> None:
    forge(tmp_path / "in" / "assignment_5_export")
    make(tmp_path / "in", "alice.zip")
    roster = read_roster(tmp_path / "in", part=part, out=tmp_path / "out")
    assert {entry.name for entry in roster.entries} == {"alice", "assignment_5_export"}


def test_fields_of_an_export_are_bounded_texts_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "submission_metadata.yml"
    people = "\n".join(f"  - {{':name': n{index}}}" for index in range(GROUP + 5))
    path.write_text(
        f"submission_1:\n  :submitters:\n  - {{':name': [a, b], ':sid': {{x: 1}}, ':email': e@example.org}}\n"
        f"  - {{':name': {'x' * (LONGEST + 1)}}}\n  - just text\n"
        f"submission_2:\n  :submitters:\n{people}\n? {{a: 1}}\n: x\n".replace("? {a: 1}\n: x\n", "")
    )
    export = read_export(path)
    assert [student.name for student in export.students["submission_1"]] == ["e@example.org", "nameless"]
    assert [student.sid for student in export.students["submission_1"]] == ["", ""]
    assert len(export.students["submission_2"]) == GROUP
    said = "\n".join(export.remarks)
    assert "submission_1, student 1: name is not a text" in said
    assert "submission_1, student 1: sid is not a text" in said
    assert "submission_1, student 2: name is not a text" in said
    assert "submission_1, student 3 is not a table" in said
    assert f"submission_2 has {GROUP + 5} students; {GROUP} were kept" in said


def test_metadata_that_doubles_with_every_line_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "submission_metadata.yml"
    lists = "\n".join(f"k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20))
    merges = "\n".join(
        f"m{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 10)}], x{n}: 1}}" for n in range(1, 12)
    )
    path.write_text(
        f"k0: &a0 [a]\n{lists}\nm0: &b0 {{x: 1}}\n{merges}\n"
        "submission_1:\n  :submitters:\n  - {':name': *a19}\n"
    )
    assert [student.name for student in read_export(path).students["submission_1"]] == ["nameless"]


@pytest.mark.parametrize(
    "name", ["...zip", "..zip", "....zip", " .zip", "..", "-", "/", "\u202e.zip", ".zip"]
)
def test_no_name_of_a_submission_leads_out_of_the_folder_of_reports(tmp_path: Path, name: str) -> None:
    for folder in (as_folder(name), *folder_names([Path(name), Path("x") / name])):
        place = (tmp_path / folder).resolve()
        assert place.parent == tmp_path.resolve()
        assert folder not in ("", ".", "..")


@pytest.mark.parametrize("out", ["", ".", "results", "ada/results", "../in/results", "link/results"])
def test_reports_do_not_go_where_the_submissions_are(tmp_path: Path, part: Part, out: str) -> None:
    make(tmp_path / "in", "ada/modules/relu.py", "bob.zip")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    place = tmp_path / out if out.startswith("link") else tmp_path / "in" / out
    with pytest.raises(SubmissionError, match=r"--out .*: expected a folder outside of"):
        read_roster(tmp_path / "in", part=part, out=place)
    with pytest.raises(SubmissionError, match="choose another one"):
        require_apart(place, tmp_path / "in")
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["ada", "bob.zip"]


def test_reports_in_a_folder_above_do_not_go_into_the_submissions(tmp_path: Path, part: Part) -> None:
    make(tmp_path / "in", "in.zip", "ada.zip")
    roster = read_roster(tmp_path / "in", part=part, out=tmp_path)
    assert {entry.name: entry.folder for entry in roster.entries} == {"ada": "ada", "in": "in-2"}


def test_a_zip_whose_name_begins_with_dots_is_a_submission(tmp_path: Path, part: Part) -> None:
    make(tmp_path / "in", "...zip", "ada.zip", "._ada.zip")
    roster = read_roster(tmp_path / "in", part=part, out=tmp_path / "out")
    assert sorted(Path(entry.path).name for entry in roster.entries) == ["...zip", "ada.zip"]
