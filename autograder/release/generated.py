"""The committed files that are generated from others, and whether they are current.

autograder/solutions/          ->  the students' skeletons        `skeleton`
templates/first_cell.ipy       ->  first cells of the notebooks   `notebooks`
assignment.toml                ->  assignment.json                `handout`
                               ->  blocks in the parts' READMEs   `course_text`
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.course import Course
from autograder.release import course_text, handout, notebooks, skeleton


def generate(course: Course) -> Mapping[str, bytes]:
    """Return every generated file as it is to be stored, by its path; raise CourseError for a bad source."""
    skeletons = skeleton.generate(course)
    manifest = handout.student_manifest(course.root, skeletons).encode()
    return {
        **{name: text.encode() for name, text in skeletons.items()},
        **notebooks.generate(course.root, course.manifest),
        **course_text.readmes(course.root, course.manifest),
        handout.ASSIGNMENT: manifest,
    }


def check(root: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return those of `files` that are missing below `root` or differ there in more than line ends."""
    return tuple(name for name, content in files.items() if _stored(root / name) != content)


def write(root: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write those of `files` that `check` finds stale, and return them; the others stay untouched."""
    stale = check(root, files)
    for name in stale:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(files[name])
    return stale


def _stored(path: Path) -> bytes | None:
    return path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else None
