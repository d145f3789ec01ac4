"""What makes a submission be graded again: whatever its report depends on, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import course as loading
from autograder.cohort import fingerprints
from autograder.cohort.fingerprints import content_hashes_of, job_key, part_fingerprint
from autograder.core.cohort import Entry, Line, Record
from autograder.core.item_analysis import Twins, twins
from autograder.core.manifest import Part
from autograder.core.violation import Severity
from autograder.course import PACKAGE, Course
from autograder.intake.checkpoint_files import CheckpointFile
from autograder.intake.submission import Misnamed, Submission


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the grader's code that fingerprints read."""
    copy = tmp_path / "autograder"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "solutions"))
    for module in (fingerprints, loading):
        monkeypatch.setattr(module, "PACKAGE", copy)
        monkeypatch.setattr(module, "PROBES", copy / "worker" / "probes")
    return copy


@pytest.fixture
def hashed(tmp_path: Path, package: Path, course: Course, part: Part) -> Callable[..., str]:
    other = replace(part, name="sheet")
    manifest = replace(course.manifest, parts=(part, other))
    (tmp_path / "convnet.npz").write_bytes(b"key")

    def run(*, key: bytes = b"", **changes: object) -> str:
        changed = replace(course, manifest=replace(manifest, **changes), key=key)
        return part_fingerprint(changed, changed.manifest.part("convnet"), tmp_path)

    return run


OURS = [
    "grading/sheet.py",  # a part may be called as a file of ours is
    "worker/probes/stand_ins.py",  # which the probes of part 1 import
    "hidden_tests/convnet/relu.py",
    "hidden_tests/case.py",
    "worker/probes/convnet.py",
    "core/compare.py",
    "render/templates/report.html",
]


@pytest.mark.parametrize("file", OURS)
def test_a_change_of_what_grades_the_part_is_seen(hashed, package: Path, file: str) -> None:
    before = hashed()
    assert hashed() == before
    with (package / file).open("a") as stream:
        stream.write("\n")
    assert hashed() != before


@pytest.mark.parametrize(
    "file",
    [
        "hidden_tests/pytorch/solver.py",
        "mutants/pytorch/solver.py",
        "worker/probes/pytorch.py",
        "worker/probes/torch_tools.py",
        "release/bundle.py",
        "audit/audit.py",
    ],
)
def test_a_change_of_another_part_or_of_a_room_that_grades_nothing_is_not(
    hashed, package: Path, file: str
) -> None:
    before = hashed()
    (package / file).write_text("# changed")
    assert hashed() == before


def test_policies_points_and_the_answer_key_are_seen_and_another_parts_limits_are_not(
    hashed, course: Course, part: Part, tmp_path: Path
) -> None:
    before = hashed()
    policy = replace(course.manifest.policy, prints=Severity.WARN, imports=Severity.ZERO)
    assert hashed(policy=policy) != before
    dearer = replace(part, components=(replace(part.components[0], points=31.0), *part.components[1:]))
    assert hashed(parts=(dearer, replace(part, name="sheet"))) != before
    slower = replace(part, name="sheet", limits=replace(part.limits, part_seconds=99))
    assert hashed(parts=(part, slower)) == before
    assert hashed(key=b"of the course") != before
    (tmp_path / "convnet.npz").write_bytes(b"another key")
    assert hashed() != before


def test_one_submission_is_known_by_its_answers_its_name_and_what_its_intake_remarked() -> None:
    plain = Submission("ada", {"a.py": b""}, "digest")
    keys = {
        job_key("grader", "ada", plain, ""),
        job_key("other grader", "ada", plain, ""),
        job_key("grader", "bob", plain, ""),
        job_key("grader", "ada", replace(plain, digest="other"), ""),
        job_key("grader", "ada", replace(plain, remarks=("read from x/",)), ""),
        job_key("grader", "ada", replace(plain, misnamed=(Misnamed("a.py", "b.py", "!"),)), ""),
        job_key("grader", "ada", None, "no zip"),
        job_key("grader", "ada", None, "empty"),
        job_key("grader", "\udce9\u202e", plain, ""),
    }
    assert len(keys) == 9
    assert job_key("grader", "ada", plain, "") in keys


def test_the_same_checkpoint_under_two_names_is_a_twin_and_one_that_could_not_be_read_is_not() -> None:
    """A student who hands in somebody else's weights with their own code is named for the weights."""
    weights = {
        "checkpoints/mymodel.pth": CheckpointFile(b"weights"),
        "checkpoints/two.pth": CheckpointFile(b"", "!"),
    }
    lines = [
        Line(
            Entry(name, name, name),
            Record(
                name, "", (), (), (), 1.0,
                files=content_hashes_of(Submission(name, {"a.py": name.encode()}, "", checkpoints=weights)),
            ),
        )
        for name in ("ada", "bob")
    ]  # fmt: skip
    assert twins(lines, {}) == (Twins("checkpoints/mymodel.pth", ("ada", "bob")),)
