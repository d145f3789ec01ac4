"""Plain tests: those that ask a component at its plain configuration, and carry at least half of its points.

    @plain
    @weight(7)
    @number("1.1")
    @tags("conv2d", "forward")
    def test_forward(self) -> None: ...

The plain configuration is what a first version is tried on: square images, the course's own settings, an
ordinary batch, one call. Every other test is *special*: it has one property that the plain ones have not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

MARK = "__plain__"
Test = TypeVar("Test", bound=Callable[..., Any])


def plain(test: Test) -> Test:
    """Mark a hidden test as plain; the audit holds the course to it (see `audit/costs.py`)."""
    setattr(test, MARK, True)
    return test
