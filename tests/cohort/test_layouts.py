"""Every layout that people download: one row per student, with what belongs to the part, in every order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.cohort.download import opened
from autograder.cohort.layouts import named
from autograder.cohort.reading import read_entry
from autograder.cohort.roster import Roster, read_roster
from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course

Files = Mapping[str, bytes]
Lay = Callable[..., Roster]
THEORY = b'conv_matrix.matrix: "1"\n'


def packed(files: Files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def part1(answers: dict[str, bytes]) -> bytes:
    return packed(answers)


@pytest.fixture
def lay(tmp_path: Path, part: Part) -> Lay:
    """Return a function that lays files out as a class, and reads its roster."""

    def run(files: Files, part: Part = part) -> Roster:
        for name, content in files.items():
            path = tmp_path / "class" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return read_roster(tmp_path / "class", part=part, out=tmp_path / "out")

    return run


@pytest.fixture
def outcomes(course: Course, part: Part, answers: dict[str, bytes], tmp_path: Path):
    """Return a function: student → whether the answers of this part were read, or the reason why not."""

    def run(roster: Roster) -> dict[str, object]:
        found: dict[str, object] = {}
        for entry in roster.entries:
            try:
                read = read_entry(entry, part=part, course=course, scratch=tmp_path)
                found[entry.who] = read.files == answers or "others"
            except SubmissionError as error:
                found[entry.who] = str(error)
        return found

    return run


OTHERS = {"part2.zip": packed({"solver.py": b""}), "theory.zip": packed({"answers.yaml": THEORY})}


def canvas(first: str, second: str) -> dict[str, str]:
    return {"ada_111_9001_": first, "ada_111_9002_": second}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("other", OTHERS)
def test_canvas_files_of_other_parts_are_the_same_students(
    lay: Lay, outcomes, part1: bytes, other: str, is_first: bool
) -> None:
    names = ("part1.zip", other) if is_first else (other, "part1.zip")
    contents = {"part1.zip": part1, **OTHERS}
    files = {f"ada_111_{9001 + place}_{name}": contents[name] for place, name in enumerate(names)}
    roster = lay({**files, "bo_LATE_112_9009_part1.zip": part1})
    assert roster.kind == "Canvas download"
    assert [(entry.students, entry.is_late) for entry in roster.entries] == [
        ((Student("ada", canvas_id="111"),), False),
        ((Student("bo", canvas_id="112"),), True),
    ]
    assert outcomes(roster) == {"ada": True, "bo": True}
    assert roster.remarks == ()


def test_of_two_zips_of_one_part_the_later_counts_with_a_remark(
    lay: Lay, answers, part1: bytes, part: Part, course: Course, tmp_path: Path
) -> None:
    old = packed({**answers, "modules/relu.py": b"x = 1\n"})
    (entry,) = lay({"ada_111_900_a.zip": old, "ada_111_1001_a.zip": part1}).entries
    submission = read_entry(entry, part=part, course=course, scratch=tmp_path)
    assert submission.files == answers
    assert submission.remarks == (
        "Graded is ada_111_1001_a.zip, the latest; earlier answers are in ada_111_900_a.zip.",
    )


@pytest.mark.parametrize(
    "beside", [{}, {"notes.pdf": b"%PDF"}, {"theory.zip": OTHERS["theory.zip"]}], ids=len
)
def test_loose_source_files_are_read_together(lay: Lay, outcomes, answers, beside: Files) -> None:
    loose = {name.rpartition("/")[2]: content for name, content in answers.items()}
    files = {f"ada_111_{9000 + n}_{name}": text for n, (name, text) in enumerate({**loose, **beside}.items())}
    assert outcomes(lay(files)) == {"ada": True}


def test_one_loose_source_file_is_graded_alone(
    lay: Lay, answers, part: Part, course: Course, tmp_path: Path
) -> None:
    (entry,) = lay({"ada_111_9001_relu.py": answers["modules/relu.py"]}).entries
    submission = read_entry(entry, part=part, course=course, scratch=tmp_path)
    assert submission.files == {"modules/relu.py": answers["modules/relu.py"]}


def test_a_stray_file_costs_the_layout_nothing(lay: Lay, outcomes, part1: bytes) -> None:
    roster = lay({"ada_111_9001_a.zip": part1, "solution.zip": part1, "grades.csv": b""})
    assert {entry.students for entry in roster.entries} == {(Student("ada", canvas_id="111"),), ()}
    assert outcomes(roster) == {"ada": True, "solution": True}
    assert roster.remarks == ("Not graded, because they are neither zip nor folder: grades.csv.",)


@pytest.mark.parametrize("name", ["anon_aB3dE_9001_a.zip", "LATE_anon_77_9001_a.zip"])
def test_anonymous_marking_is_graded_and_said(lay: Lay, outcomes, part1: bytes, name: str) -> None:
    roster = lay({name: part1})
    (entry,) = roster.entries
    assert entry.students == () and entry.is_late == name.startswith("LATE")
    assert list(outcomes(roster).values()) == [True]
    assert "anonymous marking" in roster.remarks[0] and "canvas.csv" in roster.remarks[0]


MOODLE = "Ada Example_1234567_assignsubmission_file_"
BRIGHTSPACE = "13579-24680 - Ada Example - Oct 3, 2025 1127 PM"
LAYOUTS = {
    "Moodle, in folders": f"{MOODLE}/part1.zip",
    "Moodle, flat": f"{MOODLE}part1.zip",
    "Brightspace, in folders": f"{BRIGHTSPACE}/part1.zip",
    "Brightspace, flat": f"{BRIGHTSPACE} - part1.zip",
}


@pytest.mark.parametrize("name", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("deeper", ["", "CS101-Assignment 1-4711/"])
def test_platforms_that_name_students_are_read(
    lay: Lay, outcomes, part1: bytes, name: str, deeper: str
) -> None:
    roster = lay({f"{deeper}{name}": part1})
    (entry,) = roster.entries
    assert [student.name for student in entry.students] == ["Ada Example"]
    assert outcomes(roster) == {"Ada Example": True}


def test_what_was_typed_into_moodle_belongs_to_the_same_student(lay: Lay, outcomes, part1: bytes) -> None:
    text = {f"{who}_assignsubmission_onlinetext_/onlinetext.html": b"<p>" for who in ("Ada_1", "Bo_2")}
    found = outcomes(lay({**text, "Ada_1_assignsubmission_file_/a.zip": part1}))
    assert found["Ada"] is True
    assert "contains none of the answer files" in str(found["Bo"])


def test_of_two_uploads_to_brightspace_the_later_counts(lay: Lay, answers, outcomes, part1: bytes) -> None:
    old = packed({"modules/relu.py": b""})
    roster = lay(
        {
            "1-2 - Ada - Oct 13, 2025 1127 PM/a.zip": part1,
            "1-2 - Ada - Oct 3, 2025 127 PM/a.zip": old,
            "index.html": b"",
        }
    )
    assert outcomes(roster) == {"Ada": True}
    assert "Earlier uploads were left out" in roster.remarks[0]


@pytest.mark.parametrize(
    "name",
    [
        "Example_Ada_ada_17/part1.zip",
        "ada/part1.zip",
        "hw1-ada/part1_convnet/modules",
        "ada/a/b/part1.zip",
        "ada.ZIP",
    ],
)
def test_folders_of_any_name_with_a_zip_or_the_files_are_read(
    lay: Lay, outcomes, answers, part1: bytes, name: str
) -> None:
    if name.endswith("modules"):
        files: Files = {f"{name.removesuffix('modules')}{file}": content for file, content in answers.items()}
        files = {**files, "hw1-ada/.git/HEAD": b"ref", "hw1-ada/README.md": b"#"}
    else:
        files = {name: part1}
    roster = lay({**files, "bo/part1.zip": part1})
    assert set(outcomes(roster).values()) == {True}
    assert len(roster.entries) == 2


def test_links_are_followed_and_one_that_leads_nowhere_is_a_row(
    lay: Lay, outcomes, part1: bytes, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.zip").write_bytes(part1)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "bo.zip").symlink_to(tmp_path / "elsewhere.zip")
    (tmp_path / "class" / "eve.zip").symlink_to(tmp_path / "nowhere.zip")
    found = outcomes(lay({"ada.zip": part1}))
    assert (found["ada"], found["bo"]) == (True, True)
    assert "expected a zip or a folder" in str(found["eve"])


def test_a_download_may_stay_zipped(
    tmp_path: Path, part: Part, course: Course, part1: bytes, outcomes
) -> None:
    path = tmp_path / "submissions.zip"
    path.write_bytes(packed({"ada_111_9001_a.zip": part1, "../evil.zip": part1, "__MACOSX/._a": b""}))
    with opened(path) as folder:
        roster = read_roster(folder, part=part, out=tmp_path / "out")
        assert outcomes(roster) == {"ada": True}
    assert not folder.exists()
    assert not (tmp_path / "evil.zip").exists()
    with pytest.raises(SubmissionError, match="a download's zip"), opened(Path(__file__)):
        pass


@pytest.mark.parametrize(
    "name", ["ada.zip", "part1_convnet_submission.zip", "hw_1.zip", "ada_v2_3.zip", "2025-03 hw - final.zip"]
)
def test_names_that_no_platform_writes_say_nothing(name: str) -> None:
    assert named(name) is None


SEVERAL = {
    "one number, several names": ("jane_doe_hw_2024/part1.zip", "bob_smith_hw_2024/part1.zip"),
    "like the files of one Canvas student": ("hw_1_2024_ada.zip", "hw_1_2025_bob.zip"),
    "attachments that begin with 0": ("hw_1_01_ada.zip", "hw_1_02_bob.zip", "x_3_9001_carl.zip"),
    "one attachment twice": ("hw_1_2024_ada.zip", "hw_1_2024_bob.zip", "x_3_9001_carl.zip"),
}


@pytest.mark.parametrize("names", SEVERAL.values(), ids=SEVERAL)
def test_students_whose_files_only_look_like_one_platforms_student_keep_their_rows(
    lay: Lay, outcomes, part1: bytes, names: tuple[str, ...]
) -> None:
    read = outcomes(lay(dict.fromkeys(names, part1)))
    assert list(read.values()) == [True] * len(names)


def test_two_zips_of_one_canvas_student_among_others_stay_one_submission(lay: Lay, part1: bytes) -> None:
    names = ("ada_111_9001_a.zip", "ada_111_9002_final.zip", "bo_112_9003_a.zip")
    assert [entry.who for entry in lay(dict.fromkeys(names, part1)).entries] == ["ada", "bo"]
