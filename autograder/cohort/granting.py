"""What is granted in one part: the staff's files and the gradebooks of earlier parts, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.cohort.gradebook_files import read_spent
from autograder.cohort.people_files import read_people, require_known
from autograder.core.grants import Grants
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of


def read_grants(students: Sequence[Path], earlier: Sequence[Path], course: Course, part: Part) -> Grants:
    """Return what the files `students` grant in `part`, after what the results in `earlier` used.

    Raises SubmissionError for what cannot be read, or grants points of what is not there.
    """
    people = read_people(students)
    require_known(people, course.manifest, part.name, kind_of(part).specs(part, course))
    late = course.manifest.late
    return Grants(people, late.late_days if late else 0, read_spent(earlier))
