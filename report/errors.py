"""What goes wrong, in words: a finding has a line of the report; an error ends the command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

NAME = "report.md"
PLACEHOLDER = "TODO"  # stands in the template where an answer is to be written


class ReportError(Exception):
    """Nothing can be checked or built: state where, what was expected, what came and what to do."""


class Weight(IntEnum):
    """How much a finding weighs."""

    REMARK = 0  # to be looked at; may be right as it is
    TO_DO = 1  # the report is not complete
    STOPS = 2  # no PDF can be made


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to fix or to look at; `line` counts from 1, and 0 means the file as a whole.

    >>> print(Finding(12, "TODO is left; write your answer there."))
    report.md, line 12: TODO is left; write your answer there.
    """

    line: int
    sentence: str
    weight: Weight = Weight.TO_DO

    def __str__(self) -> str:
        """Return the finding as its one line."""
        where = f"{NAME}, line {self.line}" if self.line else NAME
        return f"{where}: {'look again: ' if self.weight is Weight.REMARK else ''}{self.sentence}"
