"""Students' answer files, generated from the staff's: gaps in place of regions, blank sheets.

autograder/solutions/part1_convnet/modules/relu.py  ->  part1_convnet/modules/relu.py
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.core.errors import CourseError
from autograder.core.regions import find_regions
from autograder.course import Course
from autograder.grading.kind import kind_of


def generate(course: Course) -> Mapping[str, str]:
    """Return the text of every answer file as students get it, by its path below the course.

    Raises: CourseError naming file and line, if a solution is missing or malformed, or if two regions share a
            name.
    """
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    for part in course.manifest.parts:
        files |= {name: text.decode() for name, text in kind_of(part).handed_out(course, part).items()}
        for name, content in course.solution(part).items():
            _remember(places, content.decode(), f"autograder/solutions/{part.folder}/{name}")
    return files


def _remember(places: dict[str, str], solution: str, where: str) -> None:
    """Add the places of the gaps to `places`; refuse a name that another file has taken."""
    for region in find_regions(solution, where=where):
        if region.name in places:
            raise CourseError(
                f"{where}, line {region.start}: region {region.name!r} exists: {places[region.name]}; "
                "a gap's name tells students where they are, so give this one its own."
            )
        places[region.name] = f"{where}, line {region.start}"
