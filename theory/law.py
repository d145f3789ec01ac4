"""What a law is: a definition that an answer must satisfy, with the known ways of missing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from theory.algebra.fingerprint import Fingerprints
from theory.algebra.identity import NO_DEFINITIONS, are_equal, differing_entries
from theory.forms import Measured
from theory.parse import Matrix
from theory.slips import Slip, one_of, told_apart

Sheet: TypeAlias = Mapping[str, Any]  # the other answers of the question that could be read, by name
Check: TypeAlias = Callable[[Any, Sheet], bool]


@dataclass(frozen=True)
class Misconception:
    """One known way of being wrong: its own law, with a hint and a text that commits it."""

    id: str
    hint: str
    matches: Check
    example: str


@dataclass(frozen=True)
class Law:
    """What one answer must satisfy.

    `statement` says it in words; `holds` decides; `locate` says where a wrong answer first goes wrong,
    without saying what is right there; `credit` is the fraction of the points that a wrong answer still
    earns; `follows` tells whether a wrong answer follows from the student's own earlier answers. Where no
    misconception fits, the first of `visible` that does says what can be seen, whatever the cause.
    """

    statement: str
    holds: Check
    locate: Callable[[Any, Sheet], str]
    misconceptions: tuple[Misconception, ...] = ()
    visible: tuple[Misconception, ...] = ()
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


def distinct(
    misconceptions: Iterable[Misconception], right: Any, slips: Iterable[Slip] = ()
) -> tuple[Misconception, ...]:
    """Return the misconceptions that an answer can be told by, and the `slips` that lead elsewhere.

    Those that the numbers make harmless end in the right answer after all. Where different ones end in the
    same wrong answer nobody can tell which one it was, so none of them is named.
    """
    named: dict[str, list[Misconception]] = {}
    for one in misconceptions:
        if not one.matches(right, {}):
            named.setdefault(one.example, []).append(one)
    known = [group[0] for group in named.values() if len({one.id for one in group}) == 1]
    # What has two known causes has them still where a derived slip is the third.
    groups = {text: [Slip(one.id, one.hint, one) for one in group] for text, group in named.items()}
    for slip in slips:
        groups.setdefault(written(slip.formula), []).append(slip)
    taken = {one.example for one in known} | {written(right)}
    derived = (one_of(group) for text, group in groups.items() if text not in taken)
    return (*known, *(mistaken(slip.id, slip.hint, slip.formula) for slip in derived if slip))


def of_formulas(
    known: Iterable[Slip],
    derived: Iterable[Slip],
    right: Any,
    *,
    definitions: Mapping[Any, Any] = NO_DEFINITIONS,
    is_general: bool = False,
) -> tuple[Misconception, ...]:
    """Return the misconceptions that stand for one wrong formula each, by what the formulas evaluate to.

    What is `known` goes before what is `derived`; where different ones of either end in the same formula,
    nobody can tell which one it was, and none of them is named, unless they are general (`told_apart`).
    """
    fingerprints = Fingerprints(definitions)
    found = told_apart(known, derived, right, fingerprints.of, is_general=is_general)
    return matching(dict(found), fingerprints)


def matching(slips: Mapping[Hashable, Slip], fingerprints: Fingerprints) -> tuple[Misconception, ...]:
    """Return the misconceptions of slips, each with what its formula evaluates to."""
    return tuple(_of_formula(fingerprints, value, slip) for value, slip in slips.items())


def _of_formula(fingerprints: Fingerprints, value: Hashable, slip: Slip) -> Misconception:
    return Misconception(
        slip.id, slip.hint, lambda answer, _sheet: fingerprints.of(answer) == value, written(slip.formula)
    )


def of_numbers(slips: Iterable[Slip], *, is_whole: bool = True) -> list[Slip]:
    """Keep the slips whose answer a student could give: whole numbers that are not negative."""
    return [slip for slip in slips if not is_whole or (slip.formula.is_Integer and slip.formula >= 0)]


def value_law(
    statement: str,
    right: Any,
    misconceptions: Iterable[Misconception],
    *,
    place: str,
    follows: Check | None = None,
    slips: Iterable[Slip] = (),
) -> Law:
    """Return the law of an answer with a single value, worked out from the definition."""
    return Law(
        statement=statement,
        holds=lambda answer, _sheet: agree(answer, right),
        locate=lambda _answer, _sheet: place,
        misconceptions=distinct(misconceptions, right, slips),
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
    return re.sub(r"transpose\((\w+(?:\[[\d,]+\])?)\)", r"\1^T", str(value))
