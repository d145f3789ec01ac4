"""What of a part is the staff's alone, and whether the students' files give it away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.core.manifest import Part
from autograder.course import PACKAGE, Course
from autograder.release.leaks import find_leaks, find_repeats
from theory.answers import read_answers

LAWS = "theory/laws/"
STAFF = ("report/rubric.md",)
# A folder of somebody's own machine, by which a file would tell who wrote it.
TRACE = re.compile(r"(?:/home/|/Users/|/root/|[A-Z]:\\+Users\\+)[\w.-]+")


def leaks(course: Course, part: Part, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return, a line each, what of `part` the students' `files` repeat, and where they name a machine.

    Solutions count by their regions; hidden tests, known bugs, laws that are not handed out, rubrics and the
    reference's answers as a whole.
    """
    shown = {path: content.decode("utf-8", errors="replace") for path, content in files.items()}
    solutions = {path: content.decode() for path, content in course.solution(part).items()}
    if part.runs_code:
        found = (*find_leaks(solutions, shown), *find_repeats(dict(_examination(part)), shown))
    else:
        answers = {f"the answer {name}": text for name, text in _answers(solutions)}
        found = find_repeats({**answers, **_unshown(course, shown)}, shown)
    return (*found, *_traces(shown))


def _examination(part: Part) -> Iterator[tuple[str, str]]:
    """Yield the hidden tests and the known bugs of `part`."""
    for folder in ("hidden_tests", "mutants"):
        for path in sorted((PACKAGE / folder / part.name).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")


def _answers(sheets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for sheet in sheets.values():
        yield from read_answers(sheet.encode()).items()


def _unshown(course: Course, shown: Mapping[str, str]) -> dict[str, str]:
    """Return the laws and the staff's files that are not among those shown."""
    paths = [path.relative_to(course.root) for path in (course.root / LAWS).glob("*.py")]
    names = [*(path.as_posix() for path in sorted(paths)), *STAFF]
    return {
        name: Path(course.root, name).read_text(encoding="utf-8")
        for name in names
        if name not in shown and (course.root / name).is_file()
    }


def _traces(shown: Mapping[str, str]) -> Iterator[str]:
    for path, text in shown.items():
        for place in sorted(set(TRACE.findall(text))):
            yield f"{path} names a folder of somebody's machine: {place}"
