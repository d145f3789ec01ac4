"""Reading answers, plain or LaTeX, as sympy expressions and matrices.

sympy and lark are loaded when the first answer is read: questions can be shown without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from theory.errors import ParseError
from theory.parse.bounds import BOUNDS
from theory.parse.vocabulary import NUMBERS_ONLY, Key, Vocabulary, plain_name

if TYPE_CHECKING:
    from theory.parse.reading import parse
    from theory.parse.values import Matrix

__all__ = ["BOUNDS", "NUMBERS_ONLY", "Key", "Matrix", "ParseError", "Vocabulary", "parse", "plain_name"]


def __getattr__(name: str) -> Any:
    if name not in ("parse", "Matrix"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from theory.parse import reading

    return getattr(reading, name)
