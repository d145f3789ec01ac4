"""Ranges of numbers: (0, 1], ]0, 1], 0 < y <= 1, |t| < 1, t ∈ (-1, 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from theory.errors import FormError
from theory.forms.form import scalar, short
from theory.parse.notation import plain_signs
from theory.parse.span import end_of
from theory.parse.vocabulary import NUMBERS_AND_PI

IDLE = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|quad|qquad|thinspace)(?![A-Za-z])|\\[,;:! ]|[$~]"
)
SIGNS = (
    (re.compile(r"\\(?:leqslant|leqq|leq|le)(?![A-Za-z])|<=|=<|[≤≦⩽]"), "≤"),
    (re.compile(r"\\(?:geqslant|geqq|geq|ge)(?![A-Za-z])|>=|[≥≧⩾]"), "≥"),
    (re.compile(r"\\lt(?![A-Za-z])"), "<"),
    (re.compile(r"\\gt(?![A-Za-z])"), ">"),
    (re.compile(r"\\(?:in|epsilon)(?![A-Za-z])|[∈ϵ]"), "∈"),
    (re.compile(r"\\(?:lbrack)(?![A-Za-z])"), "["),
    (re.compile(r"\\(?:rbrack)(?![A-Za-z])"), "]"),
    (re.compile(r"\\[lr]?vert(?![A-Za-z])|\\\|"), "|"),
    (re.compile(r"\\mid(?![A-Za-z])"), "|"),
    (re.compile(r"\\(?:land|wedge)(?![A-Za-z])|∧|\\text\{ ?and ?\}|&&?"), " and "),
    (re.compile(r"\\mathbb\s?\{?\s?R\s?\}?|ℝ"), "R"),
)
END = r"((?:[^,;()\[\]]|\([^,;()\[\]]{1,60}\)){1,99})"  # one pair of brackets at a time: -(pi/2)
ENDS = re.compile(rf"([(\[\]]){END}[,;]{END}([)\[\]])")
GROUP = re.compile(r"\([^,;()\[\]]{1,60}\)")
CHAIN = re.compile(r"([^<≤>≥|]{1,99})([<≤>≥])([^<≤>≥|]{1,99})([<≤>≥])([^<≤>≥|]{1,99})")
BOTH = re.compile(
    r"([^<≤>≥|]{1,60})([<≤>≥])([^<≤>≥|]{1,60})(?:,|;|\band\b)([^<≤>≥|]{1,60})([<≤>≥])([^<≤>≥|]{1,60})"
)
SIZE = re.compile(r"(?:\|[^|<≤>≥]{1,60}\||abs\([^<≤>≥]{1,60}\))\s{0,9}([<≤])([^<≤>≥|]{1,60})")
SET = re.compile(r"\\?\{.{1,60}?[|:](.{1,200}?)\\?\}\Z", re.DOTALL)
VARIABLE = re.compile(
    r"\s{0,9}\\?[A-Za-zσ][A-Za-z]{0,9}(?:'?\s{0,9}\(\s{0,9}-?[0-9]?[A-Za-z]\s{0,9}\))?\s{0,9}"
)
EVERYTHING = frozenset({"R", "(R)", "all real numbers", "the real numbers", "all of R"})


@dataclass(frozen=True)
class Interval:
    """A range of numbers; an open end does not belong to it."""

    left: Any
    right: Any
    is_left_open: bool = True
    is_right_open: bool = True

    def __str__(self) -> str:
        """Write the interval with round brackets for open ends."""
        ends = ("[("[self.is_left_open], "])"[self.is_right_open])
        return f"{ends[0]}{self.left}, {self.right}{ends[1]}".replace("oo", "inf")


@dataclass(frozen=True)
class IntervalForm:
    """An interval, such as (0, 1], ]0, 1] or 0 < y <= 1."""

    described: str = "an interval, such as (2, 5] or 2 < y <= 5"

    def read(self, text: str) -> Interval:
        """Return the interval."""
        signs = _plain(text)
        found = self._between(signs) or self._from_ends(signs)
        if found is None and (signs.strip() in EVERYTHING or _after_in(signs) in EVERYTHING):
            found = Interval(_end("-inf"), _end("inf"))
        if found is None:
            raise FormError(f"expected {self.described}, got {short(text)}.")
        if not found.left < found.right:
            raise FormError(
                f"expected the smaller end first, got {short(str(found.left))} and {short(str(found.right))}."
            )
        return found

    def _from_ends(self, signs: str) -> Interval | None:
        if found := ENDS.fullmatch(_after_in(signs)):
            opening, left, right, closing = found.groups()
            return Interval(_end(left), _end(right), opening != "[", closing != "]")
        return None

    def _between(self, signs: str) -> Interval | None:
        """Return the interval of inequalities: of one chain, of two, or of an absolute value."""
        inside = SET.fullmatch(signs)
        signs = (inside.group(1) if inside else signs).strip()
        if size := SIZE.fullmatch(signs):
            end, is_open = _end(size.group(2)), size.group(1) == "<"
            return Interval(-end, end, is_open, is_open)
        chain = CHAIN.fullmatch(signs)
        if chain and VARIABLE.fullmatch(chain.group(3)):
            left, first, _name, second, right = chain.groups()
            return _ordered(left, first, right, second)
        if both := BOTH.fullmatch(signs):
            return _joined([both.groups()[:3], both.groups()[3:]])
        return None


def _plain(text: str) -> str:
    signs = plain_signs(text)
    signs = IDLE.sub(" ", signs[: end_of(signs)] if not signs.rstrip().endswith((r"\)", r"\]")) else signs)
    for pattern, sign in SIGNS:
        signs = pattern.sub(sign, signs)
    signs = signs.strip()
    for opening, closing in ((r"\(", r"\)"), (r"\[", r"\]")):
        if signs.startswith(opening) and signs.endswith(closing):
            inside = signs[2:-2].strip()
            # \(-1, 1\): the only brackets that are there, except those around a number
            is_around = bool(re.search(r"[()\[\]<>≤≥R]", GROUP.sub("", inside)))
            signs = inside if is_around else f"{opening[1]}{inside}{closing[1]}"
    return signs.strip(" .,;")


def _after_in(signs: str) -> str:
    """Return what comes after the last ∈, = or colon."""
    return re.split(r"∈|=|:|\bin\b|\binterval\b|\bis\b", signs)[-1].strip()


def _ordered(left: str, first: str, right: str, second: str) -> Interval | None:
    if {first, second} <= {"<", "≤"}:
        return Interval(_end(left), _end(right), first == "<", second == "<")
    if {first, second} <= {">", "≥"}:
        return Interval(_end(right), _end(left), second == ">", first == ">")
    return None


def _joined(halves: list[tuple[str, ...]]) -> Interval | None:
    """Return the interval of two inequalities such as t > -1 and t < 1, of the same name."""
    lower: list[tuple[Any, bool]] = []
    upper: list[tuple[Any, bool]] = []
    names = []
    for left, sign, right in halves:
        name, end, below = (
            (left, right, sign in "<≤") if VARIABLE.fullmatch(left) else (right, left, sign in ">≥")
        )
        if not VARIABLE.fullmatch(name):
            return None
        names.append("".join(name.split()))
        (upper if below else lower).append((_end(end), sign in "<>"))
    if len(lower) != 1 or names[0] != names[1]:
        return None
    return Interval(lower[0][0], upper[0][0], lower[0][1], upper[0][1])


def _end(text: str) -> Any:
    """Return an end of a range: a number, in which pi may occur."""
    import sympy

    from theory.parse import parse

    value = scalar(parse(text, NUMBERS_AND_PI), "a number")
    return value.subs(NUMBERS_AND_PI["pi", ()], sympy.pi)
