"""The result of checking a sheet of answers, as plain data that another process may send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STUDENT = "student"  # the line of the sheet that says whose variant it answers


@dataclass(frozen=True)
class Mark:
    """What the laws say about one blank; see `theory.check.AnswerResult`. `share` of its points: 0 to 1."""

    status: str
    share: float
    message: str
    hint: str
    misconception: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class CheckedSheet:
    """The marks of one sheet by the names of its blanks, and remarks on the sheet as a whole.

    `variant_of` is whose variant it answers, "" if all students have the same questions.
    """

    marks: Mapping[str, Mark]
    remarks: tuple[str, ...]
    variant_of: str = ""
