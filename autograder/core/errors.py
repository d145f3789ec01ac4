"""The exceptions of the harness, one class for each reader who can act on it.

AutograderError
├── SubmissionError   the student can fix it: a zip that cannot be read, a file that is missing
├── CourseError       the staff can fix it: a manifest, a region or a hidden test that is wrong
└── HarnessError      ours to fix: a lost fork server, a broken frame; it never costs a point
    ├── UnconfirmedFault  only one submission meets it: it earns nothing until the staff has looked
    ├── WallError     this machine cannot keep student code away from the answers
    └── OutputError   the disk refuses what was to be written; the person who chose the place can fix it
"""

from __future__ import annotations

import traceback


class AutograderError(Exception):
    """State where it happened, what was expected, what came and what to do, in one message."""


class SubmissionError(AutograderError):
    """The submission cannot be read as it is; its author can fix it."""


class CourseError(AutograderError):
    """The course's own files (manifest, solutions, hidden tests, mutants) contradict each other."""


class HarnessError(AutograderError):
    """The harness itself failed; the student loses nothing by it."""


class UnconfirmedFault(HarnessError):
    """The harness failed with one submission's code, and not without it: who is to blame is not known."""


class WallError(HarnessError):
    """The layers that keep student code from the answers are missing on this machine."""


class Stopped(KeyboardInterrupt):
    """Somebody stopped a long run: the message says what is kept, and how to go on."""


class OutputError(HarnessError):
    """A file cannot be written where it was asked for; what was written before stays."""


def in_words(fault: BaseException) -> str:
    """Return what `fault` is, what it says and where it was raised, in one line for the staff.

    >>> in_words(ZeroDivisionError("division by zero"))
    'ZeroDivisionError: division by zero'
    """
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename.rsplit('/', 1)[-1]}, line {frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}{place}"
