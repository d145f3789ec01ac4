"""What all forms have in common."""

from __future__ import annotations

from typing import Any, Protocol

from theory.errors import FormError


class Form(Protocol):
    """What one blank of a question expects."""

    @property
    def described(self) -> str:
        """Say in a few words what to write."""

    def read(self, text: str) -> Any:
        """Return the value that `text` writes; raise ParseError or FormError if it writes none."""


def scalar(value: Any, described: str) -> Any:
    """Return `value`; raise FormError if it is a matrix."""
    from theory.parse.values import Matrix

    if isinstance(value, Matrix):
        rows, columns = value.shape
        raise FormError(f"expected {described}, got a {rows} x {columns} matrix.")
    return value


def short(text: str) -> str:
    """Return `text` in quotes, cut to what fits into a message."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= 40 else flat[:39] + "…")
