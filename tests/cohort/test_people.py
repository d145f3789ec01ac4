"""The staff's files on students: read, refused by place, and matched to submissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cohort.assigning import NOTHING_HANDED_IN, assigned
from autograder.cohort.people_files import read_people, require_known
from autograder.cohort.roster import read_roster
from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError
from autograder.core.grants import Grants
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Part 1 (4711)
    Points Possible,,,,,100.00
"Example, Ada",111,u111,aexample,A,
"Muster, Bo",112,u112,bmuster,B,
"Gone, Zoë",113,u113,zgone,B,
"Student, Test",999,,,,
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Sections
Ada,Example,1001,ada@example.org,Student,A
Tim,Tutor,1,t@example.org,TA,A
"""
TOML = """\
[[students]]
login = "aexample"
extension_hours = 48
exempt = ["prints"]
reason = "our own code printed"
comment = "See me."

[[students.overrides]]
part = "convnet"
component = "relu"
points = 6
reason = "graded by hand"

[[students]]
name = "bo muster"
id = "112"
late_days = 1
"""


@pytest.fixture
def write(tmp_path: Path):
    def make(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


def test_what_several_files_say_of_one_student_is_joined(write) -> None:
    people = read_people([write("canvas.csv", CANVAS, "utf-8-sig"), write("students.toml", TOML)])
    assert people.is_roster
    assert [person.who for person in people.persons] == ["Example, Ada", "bo muster", "Gone, Zoë"]
    ada = people.find(Student("exampleada", canvas_id="111"))
    assert ada is not None and (ada.section, ada.extension_hours, ada.exempt) == ("A", 48.0, ("prints",))
    assert ada.overrides[0].points == 6


def test_gradescopes_roster_and_a_plain_csv_are_read(write) -> None:
    people = read_people(
        [
            write("roster.csv", GRADESCOPE),
            write("grants.csv", "id;name;late_days;exempt;reason\n1001;;2;prints, imports;why\n;Bo;;;\n"),
        ]
    )
    assert [person.who for person in people.persons] == ["Ada Example", "Bo"]
    ada = people.find(Student("x", "1001"))
    assert ada is not None and (ada.late_days, ada.exempt, ada.section) == (2, ("prints", "imports"), "A")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.toml", "x = ", r"s\.toml: expected TOML"),
        ("s.toml", "[student]\nname = 'a'", r"expected only \[\[students\]\] tables"),
        ("s.toml", "[[students]]\nnam = 'a'", "student 1: no field is called nam; is name meant"),
        ("s.toml", "[[students]]\nname = 5", "student 1: Expected str, got int - at name"),
        (
            "s.toml",
            "[[students]]\nname = 'a'\n[[students]]\nsection = 'A'",
            "student 2: expected a name, login",
        ),
        ("s.toml", "[[students]]\nname = 'a'\nlate_days = -1", "late_days of at least 0"),
        ("s.toml", "[[students]]\nid = '1'\n[[students]]\nid = '1'", "two students have the id 1"),
        (
            "s.toml",
            "[[students]]\nname = 'a'\n[[students.overrides]]\npart = 'convnet'\npoints = 1",
            "missing required field reason",
        ),
        ("s.csv", "who,points\na,1\n", r"s\.csv: expected columns of a roster of Canvas"),
        ("s.csv", "name,late_days\na,two\n", "row 2: Expected int"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(write, name: str, text: str, said: str) -> None:
    with pytest.raises(SubmissionError, match=said):
        read_people([write(name, text)])


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path, write) -> None:
    for path in (tmp_path / "none.toml", tmp_path, write("a.csv", "Zoë", "latin-1")):
        with pytest.raises(SubmissionError, match=r"--students .*expected a file in UTF-8"):
            read_people([path])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("points = MOST", "points = 999"), "expected points between 0 and MOST, got 999"),
        (('component = "relu"', 'component = "rely"'), "nothing of convnet is called rely; is relu meant"),
        (('component = "relu"', 'test = "99.9"'), "nothing of convnet is called 99.9"),
        (('part = "convnet"', 'part = "convent"'), "no part is called convent; is convnet meant"),
        (('["prints"]', '["print"]'), "no policy is called print; is prints meant"),
        (('component = "relu"', 'component = "relu"\ntest = "3.1"'), "a component or a test, not both"),
    ],
)
def test_a_grant_for_what_is_not_there_is_refused(
    write, course: Course, part: Part, change: tuple[str, str], said: str
) -> None:
    most = f"{part.component('relu').points:g}"
    change, said = (tuple(text.replace("MOST", most) for text in change), said.replace("MOST", most))
    text = TOML.replace("points = 6", f"points = {most}").replace(*change)
    people = read_people([write("s.toml", text)])
    with pytest.raises(SubmissionError, match=said):
        require_known(people, course.manifest, part.name, kind_of(part).specs(part, course))


def test_everybody_has_a_row_and_the_unknown_are_named(tmp_path: Path, write, part: Part) -> None:
    people = read_people([write("canvas.csv", CANVAS), write("students.toml", TOML)])
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("exampleada_111_9001_part1.zip", "mallory_666_9002_part1.zip"):
        (folder / name).write_bytes(b"PK")
    roster = assigned(read_roster(folder, part=part, out=tmp_path / "out"), Grants(people))
    rows = {entry.who: entry for entry in roster.entries}
    assert set(rows) == {"Example, Ada", "mallory", "bo muster", "Gone, Zoë"}
    assert rows["Gone, Zoë"].remark == NOTHING_HANDED_IN and not rows["Gone, Zoë"].path
    assert rows["Example, Ada"].allowance.comments == ("See me.",)
    assert rows["Example, Ada"].students[0].login == "aexample"
    assert rows["bo muster"].allowance.late_days == 1
    assert any("mallory: not in any of the files" in remark for remark in roster.remarks)
    assert len({entry.folder for entry in roster.entries}) == 4


def test_a_plain_folder_is_matched_by_login_id_or_name(tmp_path: Path, write, part: Part) -> None:
    people = read_people([write("canvas.csv", CANVAS)])
    for name in ("aexample.zip", "112.zip", "Gone, Zoe\u0308.zip"):
        (tmp_path / "in" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"PK")
    roster = assigned(read_roster(tmp_path / "in", part=part, out=tmp_path / "out"), Grants(people))
    assert sorted(entry.who for entry in roster.entries) == ["Example, Ada", "Gone, Zoë", "Muster, Bo"]
    assert all(entry.path for entry in roster.entries)
