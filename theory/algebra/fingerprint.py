"""Values of formulas at random points of the tower, once for each: equal values, equal formulas."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import sympy

from theory.algebra.identity import NO_DEFINITIONS, POINTS
from theory.algebra.tower import Point

KEPT = 512  # formulas


class Fingerprints:
    """Fingerprints of formulas and of matrices, with some symbols defined by others."""

    def __init__(self, definitions: Mapping[sympy.Symbol, Any] = NO_DEFINITIONS) -> None:
        """Take the formulas that some symbols stand for."""
        self._definitions = definitions
        self._known: dict[Any, Hashable] = {}

    def of(self, formula: Any) -> Hashable:
        """Return what equal formulas, or matrices of equal shape and entries, have in common.

        Raises: UndefinedError if the formula divides by zero.
        """
        if formula not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[formula] = self._of(formula)
        return self._known[formula]

    def _of(self, formula: Any) -> Hashable:
        points = [Point(seed, self._definitions) for seed in range(POINTS)]
        entries = list(formula) if isinstance(formula, sympy.MatrixBase) else [formula]
        shape = getattr(formula, "shape", None)
        return shape, tuple(point.value(entry) for point in points for entry in entries)
