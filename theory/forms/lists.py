"""Lists and sets in any order: -2, 0; x = -2 and x = 0; {L_0, L_1}; x ∈ {-2, 0}."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from theory.errors import FormError
from theory.forms.form import short
from theory.parse import NUMBERS_ONLY, Vocabulary
from theory.parse.notation import RELATION, plain_signs
from theory.parse.span import beginning_of, end_of, inside_brackets

IDLE = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle)(?![A-Za-z])|[$~]|\\[()\[\]]")
BRACES = (
    (re.compile(r"\\(?:\{|lbrace(?![A-Za-z]))"), "{"),
    (re.compile(r"\\(?:\}|rbrace(?![A-Za-z]))"), "}"),
)
AND = re.compile(
    r"\\(?:text|mathrm|mbox|textrm)\s?\{\s{0,9}(?:and|or|,)\s{0,9}\}|\\(?:land|lor|wedge|vee|quad|qquad)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:and|or)(?![A-Za-z])|[∧∨]|&"
)
NAME = re.compile(r"[A-Za-z][A-Za-z ]{0,20}:")  # borders: -2, 0
IN = re.compile(r"(?:∈|\\in(?![A-Za-z])|\bin\b)")


@dataclass(frozen=True)
class ListForm:
    """Numbers or names in any order, separated by commas."""

    vocabulary: Vocabulary = NUMBERS_ONLY

    @property
    def described(self) -> str:
        """Say what is listed."""
        return f"a list of {self.vocabulary.described()}, separated by commas"

    def read(self, text: str) -> frozenset[Any]:
        """Return the set of what is listed."""
        parts = entries_of(text)
        if not parts or any(mark in part for part in parts for mark in ";\n"):
            raise FormError(f"expected {self.described}, got {short(text)}.")
        entries = frozenset(entry for part in parts for entry in self._entries(part))
        if not all(entry.is_Rational or entry.is_Symbol for entry in entries):
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return entries

    def _entries(self, part: str) -> list[Any]:
        from theory.parse import Matrix, parse

        value = parse(part, self.vocabulary, is_table=True)
        return list(value) if isinstance(value, Matrix) else [value]


def entries_of(text: str) -> list[str]:
    """Return the entries of a list, without the braces of a set and without `x =` in front of each.

    >>> entries_of(r"x \\in \\left\\{ -2, 0 \\right\\}"), entries_of("x1 = -2 and x2 = 0.")
    (['-2', '0'], ['-2', '0'])
    """
    signs = IDLE.sub(" ", plain_signs(text))
    for pattern, brace in BRACES:
        signs = pattern.sub(brace, signs)
    signs = IN.split(AND.sub(",", signs[: end_of(signs)]))[-1]
    named = NAME.match(signs.strip())
    signs = signs.strip()[named.end() :].strip() if named else signs.strip()
    head = (
        RELATION.match(signs, signs.find("=")) if signs.endswith(("}", ")", "]")) and "=" in signs else None
    )
    if head and signs.count("=") == 1 and signs[head.end() :].strip()[:1] in ("{", "(", "["):
        signs = signs[head.end() :].strip()  # S = {-2, 0}
    signs = inside_brackets(signs)
    mark = "," if "," in signs else ";" if ";" in signs else "\n"
    parts = [part for part in signs.split(mark) if part.strip()]
    return [_named_value(part) for part in parts]


def _named_value(part: str) -> str:
    return part[beginning_of(part) :].strip()
