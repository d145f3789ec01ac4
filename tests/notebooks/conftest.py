"""A course as students have it: as it is handed out, and with the reference answers in its gaps."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import Course, load_course
from autograder.release.bundle import student_files
from tests.notebooks.running import lay_out


@pytest.fixture(scope="session")
def ours(project: Path) -> Course:
    return load_course(project)


@pytest.fixture(scope="session")
def bare(ours: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what students get, gaps and all."""
    return lay_out(student_files(ours), tmp_path_factory.mktemp("handed out"))


@pytest.fixture(scope="session")
def solved(ours: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same with every gap of the code filled; the theory's answers stay blank."""
    parts = [part for part in ours.manifest.parts if part.runtime != "none"]
    answers = {f"{part.folder}/{name}": text for part in parts for name, text in ours.solution(part).items()}
    return lay_out({**student_files(ours), **answers}, tmp_path_factory.mktemp("solved"))


@pytest.fixture(autouse=True)
def _own_modules(project: Path) -> Iterator[None]:
    """Let tests import `kit`, and leave none of it, nor of the parts, behind."""
    before, path, place = set(sys.modules), list(sys.path), Path.cwd()
    sys.path.insert(0, str(project / "notebooks"))
    yield
    os.chdir(place)
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("kit", "modules", "google"):
            del sys.modules[name]
