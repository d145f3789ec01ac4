"""What all tests share: where the project is, and property tests that try the same examples at every run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.core.manifest import Part
from autograder.course import Course, load_course

settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the project's root folder."""
    return Path(__file__).resolve().parents[1]


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
