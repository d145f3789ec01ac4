"""Sizes along named axes: 5 x 7, (5, 7), ℝ^{5×7}, H = 6, W = 6, C = 20, 5 rows and 7 columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from theory.errors import FormError
from theory.forms.form import short
from theory.parse.notation import RELATION, SCRIPTS, plain_signs
from theory.parse.span import end_of

AXES = {
    "rows": "rows", "row": "rows", "columns": "columns", "column": "columns", "cols": "columns",
    "col": "columns",
    "channels": "channels", "channel": "channels", "c": "channels", "filters": "channels", "maps": "channels",
    "height": "height", "h": "height", "high": "height", "width": "width", "w": "width", "wide": "width",
}  # fmt: skip
SEPARATORS = frozenset({"x", "*", ",", ";", "by", "and", "/", "&"})
FILLERS = frozenset(
    {
        "pixels",
        "px",
        "matrix",
        "a",
        "an",
        "is",
        "of",
        "size",
        "shape",
        "torch",
        "tuple",
        "output",
        "the",
        "with",
    }
)
COMMANDS = re.compile(
    r"\\(?:times|cdot|ast|x)(?![A-Za-z])|\\(?:in|colon|to|quad|qquad|left|right|mathrm|text|mathbb|mathbf|dim|bm)(?![A-Za-z])"
    r"|\\[,;:! ()\[\]]|[$~]"
)
SPACE = re.compile(r"(?:∈|\\in(?![A-Za-z])).{0,40}?(?:R|ℝ)[ }]{0,9}\^?")  # A \in \mathbb{R}^
TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|[=(){}\[\],;*^:.&/-]|\S")


@dataclass(frozen=True)
class SizeForm:
    """Sizes along the axes, such as 5 x 7."""

    axes: tuple[str, ...] = ("rows", "columns")

    @property
    def described(self) -> str:
        """Name the axes."""
        return f"{' x '.join(self.axes)}, such as {' x '.join(['3', '5', '7', '9'][: len(self.axes)])}"

    def read(self, text: str) -> tuple[int, ...]:
        """Return the sizes; raise FormError if there are not as many as axes."""
        found = self._named(text) or self._in_order(text)
        if found is None:
            raise FormError(f"expected {self.described}, got {short(text)}.")
        return found

    def _named(self, text: str) -> tuple[int, ...] | None:
        """Return the sizes by the names of their axes: H = 6, W = 6, C = 20, or 5 rows and 7 columns."""
        words = _words(text)
        numbers = [place for place, word in enumerate(words) if word.isdigit()]
        for shift in (-1, 1):
            names = [_axis(words, place, shift) for place in numbers]
            if set(names) == set(self.axes) and len(names) == len(self.axes):
                left = [word for place, word in enumerate(words) if place not in numbers and word not in AXES]
                if not set(left) - SEPARATORS - FILLERS - set("=:(){}[]"):
                    return tuple(_whole(words[numbers[names.index(axis)]]) for axis in self.axes)
        return None

    def _in_order(self, text: str) -> tuple[int, ...] | None:
        """Return the sizes of the last side of an equation that has as many as there are axes."""
        signs = plain_signs(text)
        parts = [_sizes(part, self.axes) for part in RELATION.split(signs[: end_of(signs)])]
        fitting = [part for part in parts if len(part) == len(self.axes)]
        return fitting[-1] if fitting and parts[-1] else None


def _words(text: str) -> list[str]:
    signs = SPACE.sub(" ", plain_signs(text))
    signs = signs[: end_of(signs)].translate(SCRIPTS).replace("ˣ", "x")
    signs = COMMANDS.sub(
        lambda found: " x " if found.group(0)[1:] in ("times", "cdot", "ast", "x") else " ", signs
    )
    signs = re.sub("-by-", " by ", signs)
    signs = re.sub(r"(?<=[0-9])\s{0,9}[xX](?=\s{0,9}[0-9])", " x ", signs)
    return [word.casefold() for word in TOKEN.findall(signs)]


def _axis(words: list[str], place: int, shift: int) -> str:
    """Return the axis that is named beside the number at `place`, or ""."""
    near = place + shift
    while 0 <= near < len(words) and words[near] in ("=", ":", "pixels", "px"):
        near += shift
    return AXES.get(words[near], "") if 0 <= near < len(words) else ""


def _sizes(part: str, axes: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of a text that holds only sizes, signs between them and brackets; () for others.

    An axis that is named beside a number must be the axis at that place.
    """
    everything = _words(part)
    places = [place for place, word in enumerate(everything) if word.isdigit()]
    for place, axis in zip(places, axes, strict=False):
        if _axis(everything, place, 1) not in ("", axis):
            return ()
    words = [word for word in everything if word not in "(){}[]^:."]
    if words and words[0].isalpha() and words[0] not in SEPARATORS:  # A: 5 x 7
        words = words[1:]
    words = [word for word in words if word not in FILLERS and word not in AXES]
    kinds = [word.isdigit() for word in words]
    if not any(kinds) or any(
        not kind and word not in SEPARATORS for kind, word in zip(kinds, words, strict=True)
    ):
        return ()
    if not kinds[0] or not kinds[-1]:
        return ()
    return tuple(_whole(word) for word in words if word.isdigit())


def _whole(digits: str) -> int:
    if len(digits) > 9:
        raise FormError(f"expected sizes of at most 9 digits, got {len(digits)}.")
    return int(digits)
