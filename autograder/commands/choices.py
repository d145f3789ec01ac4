"""What the options of a command choose: the course with its settings, one part or all, a grader."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.core.errors import CourseError, SubmissionError

# Imported where it is needed: `--help` should not wait for NumPy's users.
if TYPE_CHECKING:
    from autograder.core.manifest import Part
    from autograder.course import Course
    from autograder.grading.grader import Grader
    from autograder.grading.kind import Setting


def chosen_course(options: argparse.Namespace, tell: Callable[[str], None]) -> Course:
    """Load the course, and `tell` which old names its manifest has.

    A `--set` that does not fit is the caller's mistake, everything else is the course's.
    """
    from autograder.course import MANIFEST, PACKAGE, load_course

    root = getattr(options, "course", None) or PACKAGE.parent
    if not (root / MANIFEST).is_file():
        raise SubmissionError(
            f"{Path.cwd()}: expected a course, with its {MANIFEST}, here or above; go to its folder, or name "
            "it with --course PATH."
        )
    course = load_course(root)
    for note in course.manifest.notes:
        tell(note)
    try:
        return load_course(root, settings=options.set) if options.set else course
    except CourseError as error:
        said = str(error).removeprefix("--set ")  # said already where the setting itself is malformed
        raise SubmissionError(f"--set: {said}") from error


def chosen_part(course: Course, options: argparse.Namespace) -> Part:
    """Return the part that `--part` names, or the first; raise SubmissionError if there is none."""
    parts = course.manifest.parts
    if options.part is None:
        return parts[0]
    if options.part not in [part.name for part in parts]:
        known = ", ".join(part.name for part in parts)
        raise SubmissionError(f"--part {options.part}: expected one of {known}.")
    return course.manifest.part(options.part)


def chosen_parts(course: Course, options: argparse.Namespace) -> tuple[Part, ...]:
    """Return the part that `--part` names, or all."""
    return course.manifest.parts if options.part is None else (chosen_part(course, options),)


def chosen_grader(
    course: Course, part: Part, options: argparse.Namespace, tell: Callable[[str], None]
) -> AbstractContextManager[Grader]:
    """Return the grader of `part`, to be entered; `tell` hears, once, that a key is being computed."""
    from autograder.grading.grader import open_grader

    return open_grader(course, part, _setting(options, tell))


def require_key(course: Course, part: Part, options: argparse.Namespace, tell: Callable[[str], None]) -> None:
    """Bring the answer key of `part` up to date; `tell` hears, once, that it is being computed."""
    from autograder.grading.kind import kind_of

    kind_of(part).bring_up_to_date(course, part, _setting(options, tell))


def chosen_for_bundle(options: argparse.Namespace, tell: Callable[[str], None]) -> tuple[Course, Part]:
    """Return the course and the part to package, with the test images of `--data` where that is given."""
    from autograder.gradescope.bundle import settings_for_data

    course = chosen_course(options, tell)
    part = chosen_part(course, options)
    if options.data:
        options.set = settings_for_data(part)
        course = chosen_course(options, tell)
        part = chosen_part(course, options)
    _note_without_key(course, part, tell)
    return course, part


def _note_without_key(course: Course, part: Part, tell: Callable[[str], None]) -> None:
    if course.key or part.case_sets == 1:
        return
    name = course.manifest.key_file
    todo = f"write a long random text to {name}" if name else "set key_file in [assignment]"
    tell(
        f"This course has no key, so students can guess its choice of case sets: {todo}, and keep it from "
        "students."
    )


def _setting(options: argparse.Namespace, tell: Callable[[str], None]) -> Setting:
    from autograder.grading.kind import Setting

    return Setting(unsafe=options.unsafe, on_progress=_said_once(tell))


def _said_once(tell: Callable[[str], None]) -> Callable[[str], None]:
    notes = iter(["Computing the answer key; it is stored for the next run."])

    def on_progress(step: str) -> None:
        for note in notes:
            tell(note)

    return on_progress
