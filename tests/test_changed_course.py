"""A course may be changed: our quick tests pass on it, and it works without some components and questions.

The tests that run are those that once pinned what our course says; `tests/changed_course.py` makes the copy.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from tests.changed_course import change, copy_project, remove

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers behind the sandbox need Linux")
TESTS = (
    *("tests/core", "tests/mutants", "tests/render", "tests/hidden_tests", "tests/audit", "tests/answer_key"),
    *("tests/gradescope", "tests/faults", "tests/slips", "tests/labs", "tests/grading/test_grade.py"),
    *("tests/grading/test_sharing.py", "tests/intake/test_policies.py", "tests/cohort/test_people.py"),
    *("tests/release/test_bundle.py", "tests/book/test_course_tables.py", "tests/test_golden.py"),
    *("tests/test_cli.py", "tests/test_collect_submission.py", "tests/test_collector_finds.py"),
)
REMOVED = {
    "convnet": ("convnet.relu", "convnet.sgd"),
    "pytorch": ("pytorch.reweight", "pytorch.my_checkpoint"),
    "theory": ("theory.tanh", "theory.dead_neurons", "theory.conv_matrix"),
    "custom_conv": ("custom_conv.conv_loops",),
    "robustness": ("robustness.saliency",),
}
AUDITED = ("theory", "custom_conv")  # the other parts' audits take minutes


def run(copy: Path, *command: object) -> None:
    """Run a command of the autograder, or another module, on the changed course; it must end with 0."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=copy, capture_output=True, text=True, timeout=3500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


@needs_linux
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_our_quick_tests_pin_nothing_that_a_course_may_change(tmp_path: Path) -> None:
    copy_project(tmp_path)
    change(tmp_path)
    run(tmp_path, "pytest", "-q", "-m", "not slow", "--tb=line", "-p", "no:cacheprovider", *TESTS)


@needs_linux
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_course_works_without_some_of_its_components_and_questions(tmp_path: Path) -> None:
    copy_project(tmp_path)
    gone = [name for names in REMOVED.values() for name in names]
    remove(tmp_path, gone)
    course = load_course(tmp_path)
    for part in course.manifest.parts:
        assert part.points < load_course().manifest.part(part.name).points
        assert not {f"{part.name}.{component.name}" for component in part.components} & set(gone)
    run(tmp_path, "autograder", "skeleton", "--check")
    run(tmp_path, "autograder", "release", tmp_path / "out" / "students.zip")
    for part_name in AUDITED:
        run(tmp_path, "autograder", "audit", "--part", part_name)
