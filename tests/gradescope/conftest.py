"""The bundle of part 1, made once, and the answers that are put into it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.gradescope.bundle import bundle, write_bundle
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting


@pytest.fixture(scope="session")
def files(course: Course, part: Part) -> Mapping[str, bytes]:
    """Return the bundle's files; the answer key is brought up to date first, as `package` does."""
    with open_grader(course, part, Setting(unsafe=True)):
        return bundle(course, part)


@pytest.fixture(scope="session")
def bundle_zip(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "convnet.zip"
    write_bundle(path, files)
    return path
