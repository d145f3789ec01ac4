"""The same work is read as the same answers in every layout, by one rule for all commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cohort.download import opened
from autograder.cohort.reading import read_entry
from autograder.cohort.roster import Roster, read_roster
from autograder.core.cohort import Entry, Line, counting_lines
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from tests.cohort.layout_samples import LAYOUTS, STUDENTS, lay_out, packed

NAMELESS = ("canvas, anonymous", "gradescope, without its list", "gradescope, flat zips")
WRAPPED: dict[str, Callable[[dict[str, bytes], Path], Path]] = {
    "as it is": lambda files, place: lay_out(files, place / "class"),
    "zipped": lambda files, place: lay_out({"submissions.zip": packed(files)}, place) / "submissions.zip",
    "zipped, in a folder": lambda files, place: lay_out({"submissions.zip": packed(files)}, place / "class"),
    "one deeper": lambda files, place: lay_out({f"hw 1/{name}": text for name, text in files.items()}, place),
    "two deeper, beside a list": lambda files, place: lay_out(
        {**{f"Exercise/Abgaben/{name}": text for name, text in files.items()}, "Exercise/status.xlsx": b"PK"},
        place,
    ),
}
SHALLOW = ("as it is", "zipped", "one deeper")
"""How layouts without a platform's names may be wrapped: what lies deeper could be one submission."""


def wrappings(layout: str) -> tuple[str, ...]:
    by_name = layout.startswith(("canvas", "moodle", "brightspace", "ilias"))
    if layout == "gradescope":
        return ("as it is", "zipped")
    return tuple(WRAPPED) if by_name else SHALLOW


def read(entry: Entry, part: Part, course: Course, scratch: Path) -> str:
    return read_entry(entry, part=part, course=course, scratch=scratch).digest


@pytest.mark.parametrize(
    ("layout", "wrapped"), [(layout, wrapped) for layout in LAYOUTS for wrapped in wrappings(layout)]
)
def test_everybody_has_a_row_with_the_same_answers(
    layout: str, wrapped: str, course: Course, part: Part, answers: dict[str, bytes], tmp_path: Path
) -> None:
    alone = lay_out({"alone.zip": packed(answers)}, tmp_path / "one") / "alone.zip"
    expected = kind_of(part).read(alone, part=part, course=course).digest
    with opened(WRAPPED[wrapped](LAYOUTS[layout](answers), tmp_path / "in")) as folder:
        roster = read_roster(folder, part=part, out=tmp_path / "out")
        assert len(roster.entries) == len(STUDENTS)
        assert {read(entry, part, course, tmp_path) for entry in roster.entries} == {expected}
    assert_everybody_is_known(roster, layout)


def assert_everybody_is_known(roster: Roster, layout: str) -> None:
    counted = counting_lines(Line(entry) for entry in roster.entries)
    if layout in NAMELESS or layout.startswith(("zip", "a zip")):
        assert not counted
        return
    assert len(counted) == len(STUDENTS)  # namesakes are two students
    names = sorted(student.name for student, _ in counted.values())
    if layout.startswith("canvas"):
        assert names == sorted(who.canvas for who in STUDENTS)
    elif layout == "github classroom":
        assert names == sorted(who.login for who in STUDENTS)
    elif not layout.startswith("ilias"):
        assert names == sorted(who.name for who in STUDENTS)
    else:
        assert {student.login for student, _ in counted.values()} == {who.login for who in STUDENTS}


@pytest.mark.parametrize("layout", ["canvas", "moodle 4.1", "ilias", "github classroom", "zips by login"])
def test_links_to_submissions_are_followed(
    layout: str, course: Course, part: Part, answers: dict[str, bytes], tmp_path: Path
) -> None:
    real = lay_out(LAYOUTS[layout](answers), tmp_path / "elsewhere")
    linked = tmp_path / "class"
    linked.mkdir()
    for path in real.iterdir():
        (linked / path.name).symlink_to(path)
    roster = read_roster(linked, part=part, out=tmp_path / "out")
    assert len(roster.entries) == len(STUDENTS)
    assert len({read(entry, part, course, tmp_path) for entry in roster.entries}) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sheet_of_answers_is_read_in_every_layout(layout: str, course: Course, tmp_path: Path) -> None:
    theory = course.manifest.part("theory")
    answers = course.solution(theory)
    roster = read_roster(
        lay_out(LAYOUTS[layout](answers), tmp_path / "class"), part=theory, out=tmp_path / "out"
    )
    assert len(roster.entries) == len(STUDENTS)
    assert len({read(entry, theory, course, tmp_path) for entry in roster.entries}) == 1


def test_a_team_on_ilias_is_one_submission_of_all_its_students(
    course: Course, part: Part, answers: dict[str, bytes], tmp_path: Path
) -> None:
    files = {
        "Team 41/Lovelace_Ada_ada_17/hw.zip": packed(answers),
        "Team 42/Example_Bo_bo_18/hw.zip": packed(answers),
    }
    (lay_out(files, tmp_path / "in") / "Team 41" / "Kim_Minsu_kim_19").mkdir()
    first, second = read_roster(tmp_path / "in", part=part, out=tmp_path / "out").entries
    assert [student.name for student in first.students] == ["Minsu Kim", "Ada Lovelace"]
    assert [student.login for student in second.students] == ["bo"]
    assert read(first, part, course, tmp_path) == read(second, part, course, tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"ada/x/a.zip": b"", "ada/x/b.zip": b""},
        {"ada/y/part1_convnet/modules/relu.py": b"", "ada/y/copy/modules/relu.py": b""},
    ],
    ids=["two zips deep down", "two copies deep down"],
)
def test_what_one_student_nests_is_no_class(files: dict[str, bytes], part: Part, tmp_path: Path) -> None:
    roster = read_roster(lay_out(files, tmp_path / "in"), part=part, out=tmp_path / "out")
    assert [entry.name for entry in roster.entries] == ["ada"]
