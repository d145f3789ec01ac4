"""What a law is: a definition that an answer must satisfy, with the known ways of missing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from theory.algebra.identity import are_equal, differing_entries
from theory.forms import Measured
from theory.parse import Matrix

Sheet: TypeAlias = Mapping[str, Any]  # the other answers of the question that could be read, by name
Check: TypeAlias = Callable[[Any, Sheet], bool]


@dataclass(frozen=True)
class Misconception:
    """One known way of being wrong: a law of its own, with a hint and a text that commits it."""

    id: str
    hint: str
    matches: Check
    example: str


@dataclass(frozen=True)
class Law:
    """What one answer must satisfy.

    `statement` says it in words; `holds` decides; `locate` says where a wrong answer first goes wrong,
    without saying what is right there; `credit` is the fraction of the points that a wrong answer still
    earns; `follows` tells whether a wrong answer follows from the student's own earlier answers.
    """

    statement: str
    holds: Check
    locate: Callable[[Any, Sheet], str]
    misconceptions: tuple[Misconception, ...] = ()
    credit: Callable[[Any, Sheet], Fraction] = lambda _value, _sheet: Fraction(0)
    follows: Check = lambda _value, _sheet: False


Laws: TypeAlias = Mapping[str, Law]


def agree(first: Any, second: Any) -> bool:
    """Tell whether two values of any form say the same; formulas and matrices are compared as identities."""
    if isinstance(first, Measured) or isinstance(second, Measured):
        return is_rounding(first, second) if isinstance(first, Measured) else is_rounding(second, first)
    if isinstance(first, Matrix) != isinstance(second, Matrix):
        return False
    if hasattr(first, "is_commutative") and hasattr(second, "is_commutative"):
        return are_equal(first, second)
    return bool(first == second)


def is_rounding(written: Measured, exact: Any) -> bool:
    """Tell whether `written` is `exact` rounded to the digits given (half a unit of the last one)."""
    value = exact.value if isinstance(exact, Measured) else exact
    return bool(abs(written.value - value) <= written.unit / 2)


def mistaken(id: str, hint: str, value: Any) -> Misconception:
    """Return the misconception whose answer is `value`, computed from a definition that is a little wrong."""
    return Misconception(id, hint, lambda answer, _sheet: agree(answer, value), written(value))


def distinct(misconceptions: Iterable[Misconception], right: Any) -> tuple[Misconception, ...]:
    """Drop misconceptions that the parameters make harmless, and join those that end in the same answer.

    Harmless are those that end in the right answer after all. Where several end in the same wrong answer
    nobody can tell which one it was, so the student is told all of them.
    """
    groups: dict[str, list[Misconception]] = {}
    for one in misconceptions:
        if not one.matches(right, {}):
            groups.setdefault(one.example, []).append(one)
    return tuple(_joined(group) for group in groups.values())


def _joined(group: list[Misconception]) -> Misconception:
    if len(group) == 1:
        return group[0]
    id = "-or-".join(dict.fromkeys(one.id for one in group))
    return replace(group[0], id=id, hint=" Or: ".join(dict.fromkeys(one.hint for one in group)))


def value_law(
    statement: str,
    right: Any,
    misconceptions: Iterable[Misconception],
    *,
    place: str,
    follows: Check | None = None,
) -> Law:
    """Return the law of an answer with a single value, worked out from the definition."""
    return Law(
        statement=statement,
        holds=lambda answer, _sheet: agree(answer, right),
        locate=lambda _answer, _sheet: place,
        misconceptions=distinct(misconceptions, right),
        follows=follows or (lambda _answer, _sheet: False),
    )


def first_difference(answer: Any, right: Any) -> tuple[int, int] | None:
    """Return the first place (row, column) where two matrices of one shape differ; None for other shapes."""
    if answer.shape != right.shape:
        return None
    return next(iter(differing_entries(answer, right)), None)


def shown(value: Any) -> str:
    """Return a short number as it is, and anything else as "another value"."""
    text = str(value)
    return text if value.is_Rational and len(text) <= 20 else "another value"


def written(value: Any) -> str:
    """Write a value so that its form reads it back."""
    if isinstance(value, Matrix):
        return str(value.tolist())
    if isinstance(value, tuple):
        return " x ".join(map(str, value))
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return str(value)
