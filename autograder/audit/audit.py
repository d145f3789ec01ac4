"""Check the assignment against itself.

What every kind of part must hold is here: the points add up to the manifest, the students' files are what the
solutions make, the student bundle can be made and repeats nothing that is the staff's. What only its own kind
must hold, such as that every known bug is caught, is in `code_audit` and `sheet_audit`.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from autograder.audit.findings import Check, Findings
from autograder.core.errors import CourseError
from autograder.core.scoring import mismatched_points
from autograder.grading.grader import Grader
from autograder.grading.kind import kind_of
from autograder.release import generated
from autograder.release.bundle import student_files
from autograder.release.secrets import leaks

AUDITS = {"code": "autograder.audit.code_audit", "sheet": "autograder.audit.sheet_audit"}  # by kind


def audit(grader: Grader) -> Findings:
    """Run all checks on the part of `grader`.

    Raises: CourseError if solutions, mutants or hidden tests cannot even be loaded.
    """
    course, part = grader.course, grader.part
    own: Findings = import_module(AUDITS[part.kind]).examine(grader)
    specs = kind_of(part).specs(part, course)
    checks = (
        *own.checks,
        Check("points add up to the manifest", mismatched_points(part, specs)),
        Check("the students' skeletons are current", _stale(grader)),
        Check("nothing that students get repeats the staff's files", _leaks(grader)),
    )
    return replace(own, checks=checks)


def _stale(grader: Grader) -> tuple[str, ...]:
    stale = generated.check(grader.course.root, generated.generate(grader.course))
    return tuple(f"{path}: run `python -m autograder skeleton`" for path in stale)


def _leaks(grader: Grader) -> tuple[str, ...]:
    try:
        return leaks(grader.course, grader.part, student_files(grader.course))
    except CourseError as error:  # something that no student should get is among their files
        return (str(error),)
