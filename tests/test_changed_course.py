"""Our own quick tests pass on a course with other points, titles, a renamed component, one more test and bug.

These are the tests that once pinned what our course says; `tests/changed_course.py` makes the copy.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.changed_course import change, copy_project

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers behind the sandbox need Linux")
TESTS = (
    "tests/core",
    "tests/mutants",
    "tests/render",
    "tests/hidden_tests/test_points.py",
    "tests/gradescope/test_run.py",
)


@needs_linux
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_our_quick_tests_pin_nothing_that_a_course_may_change(tmp_path: Path) -> None:
    copy_project(tmp_path)
    change(tmp_path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "not slow",
        "--tb=line",
        "-p",
        "no:cacheprovider",
        *TESTS,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=1700, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
