"""What the grammar's rules build: sympy values within bounds, and rows that are not yet a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from theory.errors import ParseError
from theory.parse.bounds import BOUNDS

Matrix = sympy.ImmutableDenseMatrix


class BuildError(ParseError):
    """A step that cannot be built; `place` counts characters; None: no single place is at fault."""

    def __init__(self, message: str, place: int | None = None) -> None:
        """Keep the message without text; `parse` adds the caret."""
        super().__init__(message)
        self.message, self.place = message, place


@dataclass(frozen=True)
class Built:
    """A sympy value; the product of the exponents above its numbers; how deeply its functions are nested."""

    value: Any
    power: int = 1
    functions: int = 0

    @property
    def is_matrix(self) -> bool:
        """Tell whether the value is a matrix that was written out."""
        return isinstance(self.value, Matrix)


@dataclass(frozen=True)
class Grid:
    """Rows in brackets that are not yet used for anything: a matrix, a tuple or a bracketed number."""

    rows: tuple[tuple[Built | Grid, ...], ...]
    is_bracketed: bool = True


def settle(part: Built | Grid) -> Built:
    """Turn a grid into a matrix, or into its entry where it has only one."""
    if isinstance(part, Built):
        return part
    first = part.rows[0][0]
    if len(part.rows) == len(part.rows[0]) == 1:
        return settle(first)
    if len(part.rows) == 1 and isinstance(first, Grid):  # [[a, b], [c, d]]: each entry is a row
        part = Grid(tuple(_single_row(entry) for entry in part.rows[0]))
    entries = [[settle(entry) for entry in row] for row in part.rows]
    _check_rows(entries)
    flat = [entry for row in entries for entry in row]
    value = Matrix([[entry.value for entry in row] for row in entries])
    return Built(value, max(entry.power for entry in flat), max(entry.functions for entry in flat))


def _single_row(entry: Built | Grid) -> tuple[Built | Grid, ...]:
    if isinstance(entry, Grid) and len(entry.rows) == 1:
        return entry.rows[0]
    raise BuildError("expected every row in its own brackets, or none of them.")


def _check_rows(rows: list[list[Built]]) -> None:
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        number = next(place for place, length in enumerate(lengths) if length != lengths[0]) + 1
        raise BuildError(f"row 1 has {lengths[0]} entries, row {number} has {lengths[number - 1]}.")
    if sum(lengths) > BOUNDS.entries:
        raise BuildError(f"expected at most {BOUNDS.entries} entries, got {sum(lengths)}.")
    if any(entry.is_matrix for row in rows for entry in row):
        raise BuildError("there is a matrix inside a matrix.")
