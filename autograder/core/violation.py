"""Breaches of the handout's rules, and what they cost."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(str, enum.Enum):
    """What breaking a policy costs, unless that is a number of points: a remark, or the whole part."""

    WARN = "warn"
    ZERO = "zero"


@dataclass(frozen=True)
class Violation:
    """One breach of a policy of the handout, with its place in the submission.

    With the severity ZERO it costs the points of `component`, or of the whole part where that is empty; a
    number is points of the part, which are taken once however often the policy is broken.
    """

    policy: str  # "prints" | "imports" | "non_runnable" | "file_names" | "signatures"
    severity: Severity | float
    message: str
    file: str = ""
    line: int = 0
    component: str = ""

    @property
    def takes_points(self) -> bool:
        """Tell whether it is more than a remark."""
        return self.severity is not Severity.WARN

    @property
    def cost(self) -> str:
        """Return the severity as it stands in tables: "warn", "zero" or "-5 points"."""
        return self.severity.value if isinstance(self.severity, Severity) else f"-{self.severity:g} points"
