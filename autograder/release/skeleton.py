"""Students' files, made of the solutions: every region becomes a gap, everything else stays as it is.

    autograder/solutions/part1_convnet/modules/relu.py  ->  part1_convnet/modules/relu.py

Imports stay even where only the solution used them: they tell the student what the author reached for.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.core.errors import CourseError
from autograder.core.regions import Region, find_regions, open_gaps

SOLUTIONS = Path("autograder", "solutions")


def generate(course_root: Path) -> Mapping[str, str]:
    """Return the text of every student file by its path below `course_root`, with forward slashes.

    Raises: CourseError naming file and line, if there is no solution, if one does not parse or has no region,
            or if a region is malformed, lies outside of a function or shares its name with another one.
    """
    solutions = course_root / SOLUTIONS
    paths = sorted(solutions.rglob("*.py"))
    if not paths:
        raise CourseError(
            f"{solutions}: expected solution files (*.py), found none; check the course's root folder."
        )
    skeletons: dict[str, str] = {}
    places: dict[str, str] = {}
    for path in paths:
        target = path.relative_to(solutions).as_posix()
        where = (SOLUTIONS / target).as_posix()
        source = _read(path, where)
        regions = find_regions(source, where=where)
        _check_solution(source, regions, where)
        _remember(places, regions, where)
        skeletons[target] = open_gaps(source, regions)
    return skeletons


def check(course_root: Path) -> tuple[str, ...]:
    """Return the student files that are missing or differ from what `generate` makes, in order."""
    return tuple(
        target for target, text in generate(course_root).items() if _stored(course_root / target) != text
    )


def write(course_root: Path) -> tuple[str, ...]:
    """Write the student files that `check` finds stale, and return them; the others stay untouched."""
    skeletons = generate(course_root)
    stale = check(course_root)
    for target in stale:
        path = course_root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(skeletons[target].encode())
    return stale


def _read(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CourseError(
            f"{where}, byte {error.start}: expected UTF-8; save the file in that encoding."
        ) from None


def _stored(path: Path) -> str | None:
    """Return the text of `path`, with line ends as Python has them, or None where there is no such text."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _check_solution(source: str, regions: Sequence[Region], where: str) -> None:
    """Refuse a solution that does not parse, holds no region, or has one outside of a function."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CourseError(
            f"{where}, line {error.lineno}: the solution does not parse: {error.msg}."
        ) from None
    if not regions:
        raise CourseError(
            f"{where}: no region, so students would get the whole file; mark the answer with "
            "'# BEGIN SOLUTION <name>' and '# END SOLUTION <name>'; given files belong in the part's folder."
        )
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for region in regions:
        if not any(node.lineno < region.start and region.start <= _last_line(node) for node in functions):
            raise CourseError(
                f"{where}, line {region.start}: region {region.name!r} lies outside of a function: its gap "
                "would stop the import of the whole file; put it inside the function that students write."
            )


def _last_line(node: ast.stmt) -> int:
    return node.lineno if node.end_lineno is None else node.end_lineno


def _remember(places: dict[str, str], regions: Sequence[Region], where: str) -> None:
    """Add the regions' places to `places`; refuse a name that another file has taken."""
    for region in regions:
        if region.name in places:
            raise CourseError(
                f"{where}, line {region.start}: region {region.name!r} exists: {places[region.name]}; "
                "a gap's name tells students where they are, so give this one its own."
            )
        places[region.name] = f"{where}, line {region.start}"
