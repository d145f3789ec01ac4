"""Theory answers from the student's file to the report, and the part checked against itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.audit.audit import audit
from autograder.core.errors import CourseError, SubmissionError
from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report, Verdict
from autograder.core.scoring import mismatched_points
from autograder.course import Course, load_course
from autograder.grading.grader import open_grader
from autograder.grading.sheet import SheetGrader, sheet_specs
from autograder.intake.sheet import read_sheet
from autograder.render.gradescope import results

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "autograder/solutions/theory/answers.yaml"


@pytest.fixture
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture
def part(course: Course) -> Part:
    return course.manifest.part("theory")


def graded(path: Path, course: Course, part: Part) -> Report:
    with open_grader(course, part) as grader:
        return grader.grade_into(path, path.parent / "out")


def verdicts(report: Report) -> dict[str, Verdict]:
    return {verdict.spec.id: verdict for verdict in report.verdicts}


def sheet(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["file", "folder", "zip", "zip with a folder"])
def test_the_reference_earns_full_marks_in_whatever_it_is_handed_in(
    tmp_path: Path, course: Course, part: Part, kind: str
) -> None:
    path = sheet(tmp_path, REFERENCE.read_text(encoding="utf-8"))
    if kind == "folder":
        path = tmp_path
    elif kind.startswith("zip"):
        path = tmp_path / "theory_submission.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(REFERENCE, "answers.yaml" if kind == "zip" else "theory/answers.yaml")
    report = graded(path, course, part)
    assert not report.problem
    assert report.score == pytest.approx(part.points) and report.max_score == pytest.approx(part.points)


def test_the_blank_sheet_earns_nothing(course: Course, part: Part, tmp_path: Path) -> None:
    report = graded(sheet(tmp_path, (ROOT / "theory/answers.yaml").read_text(encoding="utf-8")), course, part)
    assert report.score == 0
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.SKIPPED}


def test_a_wrong_answer_is_diagnosed_with_a_hint_and_earns_its_right_parts(
    course: Course, part: Part, tmp_path: Path
) -> None:
    slip = REFERENCE.read_text(encoding="utf-8").replace("0, 0, w00", "0, w00, 0")
    report = graded(sheet(tmp_path, slip), course, part)
    verdict = verdicts(report)["conv_matrix.entries"]
    assert (verdict.outcome, verdict.diagnosis) == (Outcome.FAILED, ("entry-in-the-wrong-column",))
    assert verdict.score == pytest.approx(verdict.spec.max_score * 3 / 4)
    assert "row 4, column 8" in verdict.message
    (diagnosis,) = report.diagnoses
    assert diagnosis.hint.startswith("Every weight is there") and diagnosis.tests == ("conv_matrix.entries",)
    assert diagnosis.kind == "misconception"


def test_what_cannot_be_read_fails_with_a_caret(course: Course, part: Part, tmp_path: Path) -> None:
    report = graded(sheet(tmp_path, 'tanh.derivative: "4 sgma(2x)"\ntan.x: "1"\n'), course, part)
    verdict = verdicts(report)["tanh.derivative"]
    assert verdict.outcome is Outcome.FAILED and "column 3: unknown name 'sgma'" in verdict.message
    assert report.remarks == ("Not checked, because no question has this name: 'tan.x'.",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a: 1", "answers.yaml, line 1: expected lines such as"),
        ("just text", "expected lines such as"),
        ("x" * 600_000, "KiB"),
    ],
)
def test_a_sheet_that_is_no_sheet_is_a_report_too(
    course: Course, part: Part, tmp_path: Path, text: str, words: str
) -> None:
    report = graded(sheet(tmp_path, text), course, part)
    assert words in report.problem
    assert report.score == 0 and report.max_score == pytest.approx(part.points)


@pytest.mark.parametrize(
    ("handed_in", "called"),
    [
        ("answers.yaml", "answers.yaml"),
        ("foo.yml", "foo.yml"),
        ("ada/theory/Answers.yaml", "theory/Answers.yaml"),
        ("ada.zip", "ada.zip: theory/answers.yaml"),
    ],
    ids=["by its name", "by another name", "in a folder", "in a zip"],
)
def test_what_is_wrong_with_a_sheet_is_said_of_the_file_that_was_handed_in(
    course: Course, part: Part, tmp_path: Path, handed_in: str, called: str
) -> None:
    path = tmp_path / handed_in
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("theory/answers.yaml", "- 1")
    else:
        path.write_text("- 1")
    report = graded(tmp_path / "ada" if handed_in.startswith("ada/") else path, course, part)
    assert report.problem.startswith(f"{called}, line 1: expected lines such as")


def test_a_sheet_that_the_disk_does_not_give_is_named(
    course: Course, part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    path = tmp_path / "foo.yaml"
    path.write_text("")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SubmissionError, match=r"foo\.yaml: expected a readable file.*Permission denied"):
        read_sheet(path, part=part, intake=course.manifest.intake)


def test_a_zip_without_a_sheet_or_with_two_is_refused(course: Course, part: Part, tmp_path: Path) -> None:
    for names, words in (
        (["a.txt"], "holds no answers.yaml"),
        (["a/answers.yaml", "b/answers.yaml"], "Keep one"),
    ):
        path = tmp_path / f"{len(names)}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x: 1")
        assert words in graded(path, course, part).problem


def test_the_same_sheet_gives_the_same_results(course: Course, part: Part, tmp_path: Path) -> None:
    path = sheet(tmp_path, REFERENCE.read_text(encoding="utf-8").replace("W3 W2 W1", "W1 W2 W3"))
    first, second = (
        json.dumps(results(replace(graded(path, course, part), seconds=0.0), course.manifest.feedback))
        for _ in range(2)
    )
    assert first == second


def test_points_add_up_to_the_manifest(course: Course, part: Part) -> None:
    assert mismatched_points(part, sheet_specs(part, course)) == ()


def test_the_audit_finds_no_fault(course: Course, part: Part) -> None:
    with open_grader(course, part) as grader:
        assert audit(grader).ok


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what the theory part of a course is made of, to be spoiled."""
    root = tmp_path / "course"
    for name in ("autograder/solutions", "theory/answers.yaml", "assignment.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    for part in load_course(ROOT).manifest.parts:
        for folder in part.uses:
            (root / folder).mkdir(parents=True, exist_ok=True)
    return root


@pytest.mark.parametrize(
    ("file", "old", "new", "law"),
    [
        (
            "autograder/solutions/theory/answers.yaml",
            '"4 x 9"',
            '"9 x 4"',
            "the reference answers get full marks",
        ),
        ("theory/answers.yaml", "lenet5.S2: ''", "lenet5.S2: '0'", "the blank sheet gets exactly 0"),
        ("theory/answers.yaml", "lenet5.S2", "lenet5.S3", "the students' skeletons are current"),
    ],
)
def test_the_audit_finds_what_is_spoiled(copy: Path, file: str, old: str, new: str, law: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    spoiled = load_course(copy)
    result = audit(SheetGrader(spoiled, spoiled.manifest.part("theory")))
    assert next(check.faults for check in result.checks if check.name == law)


def test_variants_are_graded_by_the_id_on_the_sheet(copy: Path, tmp_path: Path) -> None:
    manifest = copy / "assignment.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("variants = false", "variants = true"))
    course = load_course(copy)
    part = course.manifest.part("theory")
    assert "whose variant" in graded(sheet(tmp_path, 'tanh.range: "(-1, 1)"'), course, part).problem
    own = sheet(
        tmp_path,
        'student: "ada"\ntanh.range: "(-1, 1)"\n' + REFERENCE.read_text(encoding="utf-8").split("tanh")[0],
    )
    with pytest.raises(CourseError, match="the key of the variants"):
        graded(own, course, part)
    (copy / "theory.key").write_text("a long random text")
    report = graded(own, course, part)
    assert verdicts(report)["tanh.range"].outcome is Outcome.PASSED
    assert report.max_score == pytest.approx(part.points)
    assert verdicts(report)["computational_graph.dL_dw_value"].outcome is Outcome.FAILED  # not ada's numbers


def test_a_setting_that_makes_no_sense_is_the_courses_fault(part: Part, course: Course) -> None:
    with pytest.raises(CourseError, match=r"assignment.toml: parts\.theory\.open: expected"):
        sheet_specs(replace(part, open=("nothing",)), course)


def test_the_collector_packs_the_sheet(copy: Path) -> None:
    for name in ("collect_submission.py", "assignment.json"):
        shutil.copyfile(ROOT / name, copy / name)
    run = [sys.executable, "collect_submission.py", "--part", "theory", "--force"]  # a sheet full of gaps
    done = subprocess.run(run, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(copy / "theory_submission.zip") as archive:
        assert set(archive.namelist()) == {"answers.yaml", "MANIFEST.sha256"}


def test_no_answer_reads_like_a_sentence_of_the_grader(course: Course, part: Part, tmp_path: Path) -> None:
    forged = "Note: The staff gives all points for this answer"
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[0] for line in lines if ": " in line]
    text = "".join(f"{name}: {forged!r}\n" for name in names if "." in name and not name.startswith("#"))
    report = graded(sheet(tmp_path, text), course, part)
    assert not report.problem and report.score == 0
    said = [
        line for verdict in report.verdicts for line in verdict.message.splitlines() if "The staff" in line
    ]
    assert said
    assert not [line for line in said if line.lstrip().startswith("Note:")]
