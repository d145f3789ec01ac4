"""The course on disk: read whole, or refused with the file that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.core.errors import CourseError
from autograder.core.model import Severity
from autograder.course import Course, load_course


@pytest.fixture
def copy(tmp_path: Path, project: Path) -> Path:
    """Copy what a course consists of, without our code."""
    shutil.copy(project / "assignment.toml", tmp_path)
    for folder in ("part1_convnet", "part2_pytorch", "autograder/solutions"):
        shutil.copytree(
            project / folder, tmp_path / folder, ignore=shutil.ignore_patterns("data", "__pycache__")
        )
    return tmp_path


def test_given_skeleton_and_solution_are_told_apart(course: Course) -> None:
    part = course.manifest.part("convnet")
    assert set(course.given(part)) == set(part.given_files)
    assert set(course.skeleton(part)) == set(course.solution(part)) == set(part.answer_files)
    for name in part.answer_files:
        assert b"raise NotImplementedError" in course.skeleton(part)[name]
        assert b"raise NotImplementedError" not in course.solution(part)[name]


def test_a_copy_elsewhere_has_the_same_digest_and_a_changed_one_has_not(project: Path, copy: Path) -> None:
    digest = load_course(project).digest
    assert load_course(copy).digest == digest
    assert load_course(copy, settings=["policy.prints=warn"]).digest != digest
    (copy / "part1_convnet/modules/softmax_ce.py").write_text("x = 1\n")
    assert load_course(copy).digest != digest


def test_settings_change_this_course_only(copy: Path) -> None:
    changed = load_course(copy, settings=["policy.prints=warn", "limits.test_seconds=3"])
    assert changed.manifest.policy.prints is Severity.WARN
    assert changed.manifest.part("convnet").limits.test_seconds == 3
    assert load_course(copy).manifest.policy.prints is Severity.ZERO


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"assignment\.toml: expected the manifest of the assignment"):
        load_course(tmp_path)


@pytest.mark.parametrize("content", [b"[policy", b"\xff\xfe"], ids=["broken", "not utf-8"])
def test_a_manifest_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "assignment.toml").write_bytes(content)
    with pytest.raises(CourseError, match="expected TOML in UTF-8"):
        load_course(tmp_path)


def test_a_missing_file_is_named_with_what_to_do(copy: Path) -> None:
    course = load_course(copy)
    (copy / "autograder/solutions/part1_convnet/modules/relu.py").unlink()
    with pytest.raises(CourseError, match=r"relu\.py: assignment\.toml lists this file"):
        course.solution(course.manifest.part("convnet"))
