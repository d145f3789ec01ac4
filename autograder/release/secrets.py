"""What only the staff may have, and whether the students' files give it away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.release.answer_leaks import find_answers
from autograder.release.leaks import find_repeats

STAFF = ("report/rubric.md",)
# A folder of somebody's own machine, by which a file would tell who wrote it.
TRACE = re.compile(r"(?:/home/|/Users/|/root/|[A-Z]:\\+Users\\+)[\w.-]+")


def leaks(course: Course, part: Part, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return, a line each, what of `part` the students' `files` repeat, and where they name a machine.

    What is secret, its kind says; that it was handed out on purpose (an open law) is no leak.
    """
    shown = {path: content.decode("utf-8", errors="replace") for path, content in files.items()}
    secrets = kind_of(part).secrets(course, part) | {
        name: (course.root / name).read_text(encoding="utf-8")
        for name in STAFF
        if (course.root / name).is_file()
    }
    kept = {name: text for name, text in secrets.items() if name not in shown}
    answers = kind_of(part).answers(course, part)
    return (*find_repeats(kept, shown), *find_answers(answers, shown), *_traces(shown))


def _traces(shown: Mapping[str, str]) -> Iterator[str]:
    for path, text in shown.items():
        for place in sorted(set(TRACE.findall(text))):
            yield f"{path} names a folder of somebody's machine: {place}"
