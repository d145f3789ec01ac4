"""What a question is: text, blanks, and the parameters that an instructor may set."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theory.errors import SettingsError
from theory.forms import Form


@dataclass(frozen=True)
class Blank:
    """One blank of a question; `share` is its part of the question's points, relative to the other blanks."""

    name: str
    prompt: str
    form: Form
    share: int = 1


@dataclass(frozen=True)
class Question:
    """One question: Markdown with LaTeX, and its blanks in order."""

    id: str
    title: str
    text: str
    blanks: tuple[Blank, ...]
    points: float = 1.0

    def points_of(self, blank: Blank) -> float:
        """Return the points that one blank is worth."""
        return self.points * blank.share / sum(other.share for other in self.blanks)


def require(condition: bool, where: str, expected: str, got: Any) -> None:
    """Raise SettingsError unless `condition` holds."""
    if not condition:
        raise SettingsError(f"{where}: expected {expected}, got {got!r}.")


def exact(value: Any, where: str) -> Fraction:
    """Return a number of the settings exactly: 1.5, 2 and "2/3" are rational numbers."""
    try:
        return Fraction(str(value)) if not isinstance(value, bool) else Fraction("no number")
    except (ValueError, ZeroDivisionError):
        raise SettingsError(f'{where}: expected a number such as 2, 1.5 or "2/3", got {value!r}.') from None
