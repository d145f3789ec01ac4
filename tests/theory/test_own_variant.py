"""A student's own questions: made for a whole roster, saved beside the sheet, and shown by every command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import theory.__main__ as command
from theory.__main__ import main
from theory.errors import SettingsError
from theory.own import own_exercises
from theory.settings import DEFAULTS, exercises
from theory.variants import FILE, folder_of, read_roster

Said = Callable[[], str]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "theory.key"
    path.write_text("course\n")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that stands for theory/ in a course with variants."""
    folder = tmp_path / "course" / "theory"
    folder.mkdir(parents=True)
    part = {"folder": "theory", "variants": True}
    (folder.parent / "assignment.json").write_text(json.dumps({"parts": {"theory": part}}))
    monkeypatch.setattr(command, "HERE", folder)
    yield folder


def words(text: str) -> str:
    return " ".join(text.split())


ROSTERS = {
    "lines": ("r.txt", "ada\n# nobody\n bob \n\nADA\n", ("ADA", "bob")),
    "canvas": (
        "r.csv",
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Love, Ada",7,s7,ada,A\nBob,8,s8,bob,B\n',
        ("ada", "bob"),
    ),
    "gradescope": ("r.csv", "\ufeffName,SID,Email\nAda,s7,ada@x\nBob,s8,bob@x\n", ("ada@x", "bob@x")),
    "ours": ("r.CSV", "name,login,section\nAda,ada,1\nBob,bob,1\n", ("ada", "bob")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "ids"), ROSTERS.values(), ids=ROSTERS)
def test_a_roster_is_read_as_platforms_write_it(
    tmp_path: Path, name: str, text: str, ids: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_roster(tmp_path / name) == ids


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "r.csv",
            "Name,Section\nAda,1\n",
            "expected a column with the students' ids, one of login, .*; got name, section",
        ),
        ("r.csv", "", "got none"),
        ("r.txt", "\n# nobody\n", "expected a student's id on each line, got none"),
    ],
)
def test_a_roster_without_ids_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SettingsError, match=said):
        read_roster(tmp_path / name)


def test_no_two_students_share_a_folder_and_none_lies_outside() -> None:
    ids = ["ada", "ada@x.org", "../ada", "..", ".", "a/b", "a%2fb", "C:\\a", "ada.", "ä"]
    assert len({folder_of(one).casefold() for one in ids}) == len(ids)
    assert not any(
        "/" in folder_of(one) or "\\" in folder_of(one) or set(folder_of(one)) <= {"."} for one in ids
    )


def test_a_roster_gives_every_student_a_file_and_the_questions(
    tmp_path: Path, key: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "roster.txt").write_text("ada\nbob\n")
    out = tmp_path / "variants"
    assert main(["variant", str(tmp_path / "roster.txt"), "--key", str(key), "--out", str(out)]) == 0
    assert "Written: 2 folders" in capsys.readouterr().out
    for student in ("ada", "bob"):
        drawn = exercises(DEFAULTS, key=b"course", student=student)
        own = own_exercises(DEFAULTS, home, file=out / student / FILE)
        assert own.student == student
        assert [one.question.text for one in own.exercises] == [one.question.text for one in drawn]
        questions = words((out / student / "questions.md").read_text(encoding="utf-8"))
        assert all(words(one.question.text)[:200] in questions for one in drawn)
    assert main(["variant", str(tmp_path / "roster.txt"), "--key", str(key)]) == 2
    assert "say with --out FOLDER" in capsys.readouterr().err


def test_show_prints_the_students_own_question(
    key: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "computational_graph"]) == 0
    nobodys = capsys.readouterr()
    assert "Save the variant.json that you got" in nobodys.err
    assert main(["variant", "ada", "--key", str(key)]) == 0
    (home / FILE).write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["show", "computational_graph"]) == 0
    own = capsys.readouterr()
    (drawn,) = (
        one
        for one in exercises(DEFAULTS, key=b"course", student="ada")
        if one.question.id == "computational_graph"
    )
    assert words(drawn.question.text)[:400] in words(own.out) and own.out != nobodys.out
    assert own.err == ""


def test_the_sheet_begins_with_the_id_and_check_wants_it(
    key: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = home / "answers.yaml"
    assert main(["sheet", "--out", str(sheet)]) == 0
    assert "\nstudent: ''\n" in sheet.read_text(encoding="utf-8")
    capsys.readouterr()
    main(["variant", "o'neil", "--key", str(key)])
    (home / FILE).write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["check", str(sheet)]) == 1
    assert "expected student: 'o'neil', as variant.json has it" in capsys.readouterr().out
    sheet.unlink()
    assert main(["sheet", "--out", str(sheet)]) == 0
    assert "\nstudent: 'o''neil'\n" in sheet.read_text(encoding="utf-8")
    main(["check", str(sheet)])
    assert "expected student:" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"student": 3, "parameters": {}}', '{"student": "a", "parameters": [1]}']
)
def test_a_damaged_file_is_one_message(home: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (home / FILE).write_text(text)
    assert main(["show"]) == 2
    assert FILE in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named_with_what_to_do(tmp_path: Path, capsys) -> None:
    assert main(["variant", "ada", "--key", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert (
        said
        == f"{tmp_path / 'none'}: cannot be read or written: No such file or directory. Give another path.\n"
    )


def test_a_roster_in_another_encoding_is_refused_in_one_sentence(tmp_path: Path, capsys) -> None:
    (tmp_path / "key").write_text("a long random text")
    (tmp_path / "roster.txt").write_bytes("Zoë\n".encode("latin-1"))
    assert main(["variant", str(tmp_path / "roster.txt"), "--key", str(tmp_path / "key")]) == 2
    assert "roster.txt: expected text in UTF-8" in capsys.readouterr().err


def test_an_empty_key_makes_no_variants(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").write_text(" \n")
    assert main(["variant", "ada", "--key", str(tmp_path / "empty")]) == 2
    assert "expected a long random text, got an empty file" in capsys.readouterr().err
