"""Whose file is it, and from which upload? Decided by its name, as learning platforms write names.

Canvas       <who>[_LATE]_<user>_<attachment>_<file>, or [LATE_]anon_<id>_<attachment>_<file>
Moodle       <who>_<participant>_assignsubmission_file_[<file>], onlinetext beside it
Brightspace  <number>-<number> - <who> - <date> [- <file>]
ILIAS        <last>_<first>_<login>_<user>, a folder; of a team, several of them in Team <number>
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from autograder.core.cohort import Student

CANVAS = re.compile(r"(?P<who>.+?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?anon_(?P<user>\w+?)_(?P<attachment>\d+)_(?P<file>.+)")
MOODLE = re.compile(r"(?P<who>.+)_(?P<user>\d+)_assignsubmission_(?P<plugin>file|onlinetext)_?(?P<file>.*)")
BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<folder>\d+) ?- ?(?P<who>.+?) ?- ?(?P<when>\w+ \d{1,2}, \d{4} \d{1,2}:?\d{2} ?[AP]M)"
    r"(?: ?- ?(?P<file>.+))?"
)
ILIAS = re.compile(r"(?P<who>[^\W\d_][^_]*(?:_[^\W\d_][^_]*)+)_(?P<login>[^_]+)_(?P<user>\d{2,})")
ILIAS_TEAM = re.compile(r"Team[ _]\d+")
LATEST_LAST = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p")


@dataclass(frozen=True)
class Named:
    """What a name says.

    Attributes: layout   the platform's name;
                owner    tells students apart: files with the same one are of one student;
                who      the student as the platform names them, "" if it hides that;
                order    later uploads have larger ones;
                file     what the student called it;
                upload   files with the same one belong together; "" if all of a student's do;
                is_text  what was typed into the platform, and not uploaded.
    """

    layout: str
    owner: str
    student: Student | None
    order: float
    file: str
    upload: str = ""
    is_late: bool = False
    is_text: bool = False


def named(name: str) -> Named | None:
    """Return what the `name` of a file or folder says, or None if no platform writes such names.

    >>> named("exampleada_LATE_111_9001_hw_2.zip").student
    Student(name='exampleada', sid='', email='', canvas_id='111')
    """
    for pattern, read in LAYOUTS:
        if match := pattern.fullmatch(name):
            return read(match)
    return None


def _anonymous(match: re.Match[str]) -> Named:
    who = f"anon_{match['user']}"
    return Named("Canvas", who, None, int(match["attachment"]), match["file"], is_late=bool(match["late"]))


def _canvas(match: re.Match[str]) -> Named:
    student = Student(match["who"], canvas_id=match["user"])
    order, late = int(match["attachment"]), bool(match["late"])
    return Named("Canvas", match["user"], student, order, match["file"], is_late=late)


def _moodle(match: re.Match[str]) -> Named:
    student, is_text = Student(match["who"], number=match["user"]), match["plugin"] == "onlinetext"
    return Named("Moodle", match["user"], student, 0, match["file"], is_text=is_text)


def _brightspace(match: re.Match[str]) -> Named:
    student, when = Student(match["who"], number=match["user"]), match["when"]
    return Named("Brightspace", match["user"], student, _seconds(when), match["file"] or "", upload=when)


def _ilias(match: re.Match[str]) -> Named:
    last, *first = match["who"].split("_")
    student = Student(" ".join([*first, last]), login=match["login"], number=match["user"])
    return Named("ILIAS", f"{match['login']}_{match['user']}", student, 0, "")


def _seconds(when: str) -> float:
    plain = re.sub(r"(\d)([AP]M)$", r"\1 \2", when.replace(":", ""))
    parts = plain.split(" ")
    plain = " ".join([*parts[:3], parts[3].zfill(4), *parts[4:]])
    for form in LATEST_LAST:
        try:
            return datetime.strptime(plain, form).timestamp()
        except ValueError:
            continue
    return 0


LAYOUTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Named]], ...] = (
    (ANONYMOUS, _anonymous), (CANVAS, _canvas), (MOODLE, _moodle), (BRIGHTSPACE, _brightspace),
    (ILIAS, _ilias),
)  # fmt: skip
