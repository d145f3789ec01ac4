"""A test that the staff drops gives everybody its points, says why, and is not run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report, Verdict
from autograder.course import Course, load_course, read_toml, table_of
from autograder.grading.grader import blank_report, open_grader
from autograder.grading.kind import Setting, kind_of
from autograder.render.gradescope import results
from autograder.render.html import report_page

WHY = "Its text contradicted the handout."
PARTS = load_course().manifest.parts


def dropping(course: Course, part: Part, *tests: str) -> tuple[Course, Part]:
    """Return the course, and its `part`, with `tests` dropped."""
    changed = replace(part, drop=dict.fromkeys(tests, WHY))
    parts = tuple(changed if each.name == part.name else each for each in course.manifest.parts)
    return replace(course, manifest=replace(course.manifest, parts=parts)), changed


def graded(course: Course, part: Part, path: Path) -> Report:
    with open_grader(course, part, Setting(unsafe=True)) as grader:
        return grader.grade(path)


def verdict_on(report: Report, test: str) -> Verdict:
    return next(each for each in report.verdicts if test in (each.spec.number, each.spec.id))


@pytest.fixture(params=PARTS, ids=lambda part: part.name)
def part(request: pytest.FixtureRequest) -> Part:
    return request.param


def first(course: Course, part: Part) -> Any:
    return next(spec for spec in kind_of(part).specs(part, course) if spec.max_score)


@pytest.mark.parametrize("field", ["number", "id"])
def test_it_is_named_by_number_or_id_and_has_its_points_before_anything_ran(part: Part, field: str) -> None:
    course = load_course()
    spec = first(course, part)
    report = blank_report("ada", part=part, course=course)
    assert report.score == 0
    report = blank_report("ada", part=dropping(course, part, getattr(spec, field))[1], course=course)
    assert report.score == spec.max_score
    assert report.max_score == part.points
    found = verdict_on(report, spec.id)
    assert found.outcome is Outcome.SKIPPED
    assert found.message.endswith(f"everybody gets its points. Reason: {WHY}")


def test_one_that_is_not_there_is_refused(part: Part) -> None:
    course, dropped = dropping(load_course(), part, "99.1")
    with pytest.raises(CourseError, match=rf"\[drop\], {part.name}: no test has the number or id '99\.1'"):
        blank_report("ada", part=dropped, course=course)


def test_the_skeleton_gets_its_points_alone(tmp_path: Path, course: Course, part: Part) -> None:
    if part.kind == "code" and part.runtime == "torch":
        pytest.skip("one part of code and one sheet show it")
    spec = first(course, part)
    dropped_course, dropped_part = dropping(course, part, spec.number)
    for name, content in course.skeleton(part).items():
        (tmp_path / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ada" / name).write_bytes(content)
    report = graded(dropped_course, dropped_part, tmp_path / "ada")
    assert report.score == spec.max_score
    page = report_page(report, dropped_part, course.manifest.feedback)
    assert WHY in page and ">dropped<" in page
    table = results(report, course.manifest.feedback)
    test = next(each for each in table["tests"] if each["number"] == spec.number)
    assert (test["score"], test["max_score"]) == (spec.max_score, spec.max_score)
    assert test["extra_data"]["dropped"] == WHY and WHY in test["output"]
    assert sum(each["max_score"] for each in table["tests"]) == pytest.approx(part.points)


def test_what_cannot_be_read_has_them_too(tmp_path: Path, course: Course) -> None:
    sheet = next(part for part in PARTS if part.kind == "sheet")
    spec = first(course, sheet)
    (tmp_path / "ada.zip").write_bytes(b"")
    report = graded(*dropping(course, sheet, spec.id), tmp_path / "ada.zip")
    assert report.problem and report.score == spec.max_score


def test_every_report_that_is_watched_shows_them(tmp_path: Path, course: Course) -> None:
    sheet = next(part for part in PARTS if part.kind == "sheet")
    spec = first(course, sheet)
    (tmp_path / "answers.yaml").write_bytes(course.skeleton(sheet)[sheet.answer_files[0]])
    changed_course, changed = dropping(course, sheet, spec.id)
    seen: list[Report] = []
    with open_grader(changed_course, changed) as grader:
        grader.grade(tmp_path / "answers.yaml", watch=seen.append)
    assert seen and {report.score for report in seen} == {spec.max_score}


def test_other_parts_know_nothing_of_it(project: Path) -> None:
    table = {
        **read_toml(project / "assignment.toml"),
        "drop": {"convnet": {"1.1": WHY}, "theory": {"1.1": WHY}},
    }
    assert table_of(table, "theory")["drop"] == {"theory": {"1.1": WHY}}
    assert table_of(table, "pytorch")["drop"] == {}
