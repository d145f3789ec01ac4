"""The course itself, and its answers as a student would hand them in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.shell.course import Course, load_course


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def part(course: Course) -> Part:
    return course.manifest.part("convnet")


@pytest.fixture(scope="session")
def answers(course: Course, part: Part) -> dict[str, bytes]:
    return course.solution(part)


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a zip of names and contents and returns its path."""

    def make(files: Mapping[str, bytes], name: str = "ada.zip") -> Path:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                archive.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED)
        path = tmp_path / name
        path.write_bytes(buffer.getvalue())
        return path

    return make
