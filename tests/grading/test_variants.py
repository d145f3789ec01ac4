"""Numbers of their own for every student: what they get, what is graded, and what the audit says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.audit.sheet_audit import examine
from autograder.core.cohort import Student
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.core.whose import VARIANT_OF, with_identity
from autograder.course import Course, load_course
from autograder.gradescope.run import run
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from autograder.grading.sheet import KIND
from autograder.release.course_text import stamped
from autograder.release.handout import student_readme

ROOT = Path(__file__).resolve().parents[2]


def graded(path: Path, course: Course, part: Part) -> Report:
    with open_grader(course, part) as grader:
        return grader.grade_into(path, path.parent / "out")


def sheet(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what the theory part of a course is made of."""
    root = tmp_path / "course"
    for name in ("autograder/solutions", "theory/answers.yaml", "theory/README.md", "assignment.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    for part in load_course(ROOT).manifest.parts:
        for folder in part.uses:
            (root / folder).mkdir(parents=True, exist_ok=True)
    return root


@pytest.fixture
def varied(copy: Path) -> Course:
    """Return a copy of the course in which every student has numbers of their own."""
    manifest = copy / "assignment.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("variants = false", "variants = true"))
    course = load_course(copy)
    for name, content in KIND.handed_out(course, course.manifest.part("theory")).items():
        (copy / name).write_bytes(content)
    return course


@pytest.mark.parametrize("has_key", [True, False], ids=["key", "no key"])
def test_the_audit_of_variants_passes_with_and_without_their_key(varied: Course, has_key: bool) -> None:
    if has_key:
        (varied.root / "theory.key").write_text("a long random text")
    part = varied.manifest.part("theory")
    with KIND.open(varied, part, Setting()) as grader:
        result = examine(grader)
    assert {check.name: check.faults for check in result.checks if check.faults} == {}
    assert (
        "in variants, too, misconceptions are wrong" in [check.name for check in result.checks]
    ) is has_key


def test_the_blank_sheet_of_variants_asks_whose_it_is(varied: Course) -> None:
    part = varied.manifest.part("theory")
    (sheet,) = KIND.handed_out(varied, part).values()
    assert b"\nstudent: ''\n" in sheet
    assert "whose variant" in graded(varied.root / part.folder / part.answer_files[0], varied, part).problem
    text = stamped(
        (varied.root / part.folder / "README.md").read_text("utf-8"), varied.manifest, where="README"
    )
    assert "behind `student:` on top of that sheet" in text
    assert "behind `student:`" in student_readme(varied.manifest)


def test_a_sheet_says_whose_variant_it_is_to_whoever_knows_who_handed_it_in(
    varied: Course, tmp_path: Path
) -> None:
    (varied.root / "theory.key").write_text("a long random text")
    part = varied.manifest.part("theory")
    report = graded(sheet(tmp_path, 'student: " Ada "\ntanh.range: "(-1, 1)"'), varied, part)
    assert report.facts[VARIANT_OF] == "Ada" and report.score > 0
    assert with_identity(report, (Student("B", login="bob"),)).score == 0


@pytest.mark.parametrize(("email", "points"), [("ada@uni.edu", True), ("bob@uni.edu", False)])
def test_gradescope_grades_the_variant_of_whoever_handed_it_in_and_no_other(
    varied: Course, tmp_path: Path, email: str, points: bool
) -> None:
    (varied.root / "theory.key").write_text("a long random text")
    part, root = varied.manifest.part("theory"), tmp_path / "gradescope"
    (root / "submission").mkdir(parents=True)
    sheet(root / "submission", 'student: "ada"\ntanh.range: "(-1, 1)"')
    users = [{"name": "Somebody", "email": email, "sid": "7"}]
    (root / "submission_metadata.json").write_text(json.dumps({"users": users}))
    report = run(root, varied, part, lambda: open_grader(varied, part))
    assert (report.score > 0) is points
    output = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))["output"]
    assert ("but it was handed in by Somebody" in output) is not points
