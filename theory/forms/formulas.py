"""Formulas, matrices and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from theory.errors import FormError
from theory.forms.form import scalar
from theory.parse import NUMBERS_ONLY, Vocabulary


@dataclass(frozen=True)
class ExpressionForm:
    """One formula in commuting symbols."""

    vocabulary: Vocabulary

    @property
    def described(self) -> str:
        """Say which names the formula may use."""
        return f"one formula in {self.vocabulary.described()}"

    def read(self, text: str) -> Any:
        """Return a sympy expression."""
        from theory.parse import parse

        return scalar(parse(text, self.vocabulary), self.described)


@dataclass(frozen=True)
class OperatorForm(ExpressionForm):
    """One formula in matrices and vectors, whose order matters."""

    @property
    def described(self) -> str:
        """Say which matrices and vectors the formula may use."""
        return f"a sum of products of {self.vocabulary.described()}, in the right order"


@dataclass(frozen=True)
class MatrixForm:
    """A matrix of formulas, row by row."""

    vocabulary: Vocabulary = NUMBERS_ONLY

    @property
    def described(self) -> str:
        """Say what the entries may use."""
        names = self.vocabulary.described()
        return f"a matrix, row by row, with {f'entries in {names}' if self.vocabulary.kinds else names}"

    def read(self, text: str) -> Any:
        """Return an ImmutableDenseMatrix; a single entry is a 1 × 1 matrix."""
        from theory.parse import Matrix, parse

        value = parse(text, self.vocabulary, is_table=True)
        return value if isinstance(value, Matrix) else Matrix([[value]])


@dataclass(frozen=True)
class TextForm:
    """Free text, for the rubric."""

    words: int = 350

    @property
    def described(self) -> str:
        """Say how long it may be."""
        return f"up to {self.words} words; a person grades them"

    def read(self, text: str) -> str:
        """Return the text; raise FormError if it is too long."""
        count = len(text.split())
        if count > self.words:
            raise FormError(f"expected {self.described}, got {count} words.")
        return text.strip()
