"""Tables of the handout say what the manifest says."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import ModuleType

import pytest

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest, Policy
from autograder.course import load_course
from autograder.release import course_text


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    return course_text


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load_course().manifest


def column(table: str, index: int) -> list[str]:
    """Return one column below the head of a Markdown table."""
    return [line.strip("| ").split(" | ")[index].strip("* ") for line in table.splitlines()[2:]]


def test_a_block_of_a_readme_is_made_of_the_manifest_and_the_rest_stays(manifest: Manifest) -> None:
    text = "Before.\n<!-- course: policies -->\nold\n<!-- end of course -->\nAfter.\n"
    made = course_text.stamped(text, manifest, where="README.md")
    table = course_text.policies(manifest)
    assert made == f"Before.\n<!-- course: policies -->\n{table}\n<!-- end of course -->\nAfter.\n"
    assert course_text.stamped(made, manifest, where="README.md") == made


def test_an_unknown_piece_is_refused_with_its_file(manifest: Manifest) -> None:
    with pytest.raises(CourseError, match=r"README.md, course: expected one of parts, .*, got 'polices'"):
        course_text.stamped("<!-- course: polices -->\n<!-- end of course -->", manifest, where="README.md")


@pytest.mark.parametrize("part", ["convnet", "pytorch", "theory"])
def test_points_add_up_to_the_last_row(tables: ModuleType, manifest: Manifest, part: str) -> None:
    *points, together = (float(text) for text in column(tables.points(manifest, part), -1))
    assert round(sum(points), 6) == together == manifest.part(part).points
    assert len(points) == len(manifest.part(part).components)


def test_every_rule_of_the_manifest_is_explained(tables: ModuleType) -> None:
    assert set(tables.RULES) == {field.name for field in dataclasses.fields(Policy)}


@pytest.mark.parametrize(("value", "cost"), [("warn", "a remark"), ("zero", "the whole part")])
def test_what_a_rule_costs_is_what_the_manifest_says(tables: ModuleType, value: str, cost: str) -> None:
    manifest = load_course(settings=[f"policy.prints={value}"]).manifest
    assert f"| Code prints while it is graded. | {cost} |" in tables.policies(manifest)


def test_a_file_that_does_not_run_never_costs_more_than_itself(tables: ModuleType) -> None:
    manifest = load_course(settings=["policy.non_runnable=zero"]).manifest
    assert "cannot be imported. | the points of that file |" in tables.policies(manifest)


def test_limits_are_those_of_the_part(tables: ModuleType) -> None:
    manifest = load_course(settings=["parts.pytorch.limits.part_seconds=77"]).manifest
    assert column(tables.limits(manifest), 2)[1] == "77"


def test_every_question_is_told_with_its_blanks_and_points(tables: ModuleType, manifest: Manifest) -> None:
    text = tables.questions(manifest)
    for component in manifest.part("theory").components:
        assert f"(`{component.name}`, {component.points:g} points)" in text
    sheet = Path(manifest.part("theory").folder, "answers.yaml").read_text(encoding="utf-8")
    blanks = [line.partition(":")[0] for line in sheet.splitlines() if line[:1].isalpha()]
    assert len(blanks) > 20
    assert [blank for blank in blanks if f"`{blank}`" not in text] == []


def test_accuracies_to_be_passed_are_told_for_every_checkpoint(
    tables: ModuleType, manifest: Manifest
) -> None:
    part = manifest.part("pytorch")
    trained = [entry for entry in part.components if entry.file.endswith(".pth")]
    told = tables.tiers(manifest)
    assert [entry for entry in trained if f"`{entry.file}`" not in told] == []
    assert "%" in told
