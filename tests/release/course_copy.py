"""A copy of what the student bundle is made of, for tests that change it."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import load_course
from autograder.release.bundle import COMMON, SINGLE

ELSE = ("assignment.toml", "pyproject.toml", "autograder/solutions")
WITHOUT = shutil.ignore_patterns("__pycache__", "*.pyc", "runs", "files", "*.pth")


def copy_course(project: Path, target: Path) -> Path:
    """Copy the folders and files that students get, and the solutions, and return `target`."""
    folders = [part.folder for part in load_course(project).manifest.parts]
    for name in (*COMMON, *folders, *SINGLE, *ELSE):
        source, copy = project / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=WITHOUT, dirs_exist_ok=True)  # parts may lie in each other
        elif source.is_file():
            shutil.copy(source, copy)
    return target
