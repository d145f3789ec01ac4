"""The course on disk: read whole, or refused with the file that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import course as loading
from autograder.core.errors import CourseError
from autograder.core.violation import Severity
from autograder.course import Course, load_course
from autograder.mutants import mutants_of


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
    digests = load_course(project).digests
    assert load_course(copy).digests == digests
    assert load_course(copy, settings=["policy.prints=warn"]).digests["convnet"] != digests["convnet"]
    (copy / "part1_convnet/modules/softmax_ce.py").write_text("x = 1\n")
    changed = load_course(copy).digests
    assert [name for name in digests if changed[name] != digests[name]] == ["convnet"]


def test_a_change_of_one_parts_probe_changes_its_digest_and_no_others(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_course(project).digests
    shutil.copytree(loading.PROBES, tmp_path / "probes")
    monkeypatch.setattr(loading, "PROBES", tmp_path / "probes")
    assert load_course(project).digests == before
    with (tmp_path / "probes" / "stand_ins.py").open("a") as file:  # which part 1's probes import
        file.write("# changed\n")
    after = load_course(project).digests
    assert [name for name in before if after[name] != before[name]] == ["convnet"]


def test_line_ends_and_a_byte_order_mark_change_nothing(project: Path, copy: Path) -> None:
    for path in (copy / "assignment.toml", copy / "part1_convnet/modules/softmax_ce.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    manifest = copy / "assignment.toml"
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())
    course = load_course(copy)
    assert course.digests == load_course(project).digests
    solution = copy / "autograder/solutions/part1_convnet/modules/relu.py"
    solution.write_bytes(solution.read_bytes().replace(b"\n", b"\r\n"))
    part = course.manifest.part("convnet")
    for mutant in mutants_of(part.name):  # a clone on Windows finds their texts, too
        assert mutant.answers(course.solution(part))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'probes = ["convnet"]',
            'probes = ["convnett"]',
            "[parts.convnet], probes: No module of probes is called",
        ),
        ('kind = "code"  ', 'uses = ["nowhere"]\nkind = "code"  ', "[parts.convnet]: uses names 'nowhere'"),
    ],
    ids=["probe", "uses"],
)
def test_what_a_part_names_and_is_not_there_is_refused(copy: Path, old: str, new: str, said: str) -> None:
    path = copy / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseError) as refused:
        load_course(copy)
    assert said in str(refused.value)


def test_a_folder_that_a_part_uses_is_given_code_under_its_path_in_the_other_part(copy: Path) -> None:
    path = copy / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('kind = "code"  ', 'uses = ["part2_pytorch/losses"]\nkind = "code"  ', 1),
        encoding="utf-8",
    )
    course = load_course(copy)
    used = copy / "part2_pytorch" / "losses" / "__init__.py"
    given = course.given(course.manifest.part("convnet"))
    assert given["losses/__init__.py"] == used.read_bytes()
    used.write_bytes(used.read_bytes().replace(b"\n", b"\r\n"))
    assert course.given(course.manifest.part("convnet")) == given


def test_settings_change_this_course_only(copy: Path) -> None:
    changed = load_course(copy, settings=["policy.prints=warn", "limits.test_seconds=3"])
    assert changed.manifest.policy.prints is Severity.WARN
    assert changed.manifest.part("convnet").limits.test_seconds == 3
    assert load_course(copy).manifest.policy.prints is Severity.ZERO


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        CourseError, match=r"assignment\.toml: expected a file of the course, got No such file"
    ):
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
