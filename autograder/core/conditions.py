"""What do the cases in which code fails have in common? Find the simplest condition that is never wrong.

    find_condition(attributes, holds, failing) -> Finding | None

A condition is an attribute, the negation of one, or two of them joined by "and" or "or". In order of
preference:

    exact   it holds in all cases that fail and in no other
    both    one holds in failing cases only, a second is exact among the others: two bugs, one after the other
    only    no case fails without it: "fails only where the stride is above 1: 158 of 170 such cases"
    part    one holds in failing cases only, and they are most of them
    nearly  none: nearly all cases fail

Sets of cases are whole numbers here, one bit a case. No condition is given that fewer than SUPPORT cases on
either side speak for, and none with a counterexample.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SUPPORT = 5  # cases on either side
DECIDES = 2  # cases that each of two joined attributes decides by itself
MOST = 0.5  # share of the failing cases below which a condition inside of them says too little
TELLING = 0.25  # share of its cases that must fail, where no other case does
NEARLY = 0.9  # share of all cases: code that fails so often fails, in short
TRIED = 16  # conditions inside the failing cases that are tried as the first of two bugs


@dataclass(frozen=True)
class Attribute:
    """Something that holds in a case or not, in words that follow "where", for both.

    `rank` orders attributes that fit equally well: of the data 0, of the output 1, of the input 2, of the
    settings 3.
    """

    yes: str
    no: str
    rank: int


@dataclass(frozen=True)
class Condition:
    """One or two attributes or their negations, and the set of cases in which they hold."""

    words: str
    cases: int
    cost: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return in how many cases it holds."""
        return self.cases.bit_count()


@dataclass(frozen=True)
class Finding:
    """What separates: a condition, and how often code fails where it holds and where it does not.

    `first` is, for two bugs, the condition that explains the other one: it holds in `apart` failing cases,
    which the numbers leave out.
    """

    kind: str  # "always" | "exact" | "both" | "only" | "part" | "nearly"
    words: str
    inside: tuple[int, int]  # (failing, all) where it holds
    outside: tuple[int, int]  # (failing, all) where it does not
    first: str = ""
    apart: int = 0


def find_condition(
    attributes: Sequence[Attribute], holds: Sequence[Sequence[bool]], failing: Sequence[bool]
) -> Finding | None:
    """Return the best condition, or None if no sentence would be both true and telling.

    Args: holds    for each case, whether each attribute holds;
          failing  for each case, whether the code fails.
    """
    cases, bad = (1 << len(failing)) - 1, _as_bits(failing)
    if bad.bit_count() < SUPPORT:
        return None
    found = _separated(_literals(attributes, holds, cases), bad, cases) if _has_support(bad, cases) else None
    if found is None and bad.bit_count() >= NEARLY * len(failing):
        kind = "always" if bad == cases else "nearly"
        return Finding(kind, "", (bad.bit_count(), len(failing)), (0, 0))
    return found


def _separated(literals: Sequence[Condition], bad: int, cases: int) -> Finding | None:
    exact = _exact(literals, bad, cases)
    if exact:
        return _finding("exact", exact, bad, cases)
    return _two(literals, bad, cases) or _only(literals, bad, cases) or _part(literals, bad, cases)


def _as_bits(flags: Sequence[bool]) -> int:
    return sum(1 << index for index, flag in enumerate(flags) if flag)


def _literals(
    attributes: Sequence[Attribute], holds: Sequence[Sequence[bool]], cases: int
) -> list[Condition]:
    """Return every attribute and negation that has SUPPORT on both sides; of like ones the preferred."""
    found: dict[int, Condition] = {}
    for index, attribute in enumerate(attributes):
        bits = _as_bits([row[index] for row in holds])
        for words, mask in ((attribute.yes, bits), (attribute.no, cases & ~bits)):
            known = found.get(mask)
            condition = Condition(words, mask, (attribute.rank, index))
            if _has_support(mask, cases) and (known is None or condition.cost < known.cost):
                found[mask] = condition
    return sorted(found.values(), key=lambda condition: condition.cost)


def _has_support(mask: int, cases: int) -> bool:
    return mask.bit_count() >= SUPPORT and (cases & ~mask).bit_count() >= SUPPORT


def _pairs(
    literals: Sequence[Condition], cases: int, *, joints: Sequence[str] = ("and", "or")
) -> Iterator[Condition]:
    """Yield every two literals joined, where each of them decides some cases by itself."""
    for one, other in itertools.combinations(literals, 2):
        both, either = one.cases & other.cases & cases, (one.cases | other.cases) & cases
        joined = {"and": both, "or": either}
        cost = (1, one.cost[0] + other.cost[0], *one.cost[1:], *other.cost[1:])
        alone = [(mask & cases & ~both).bit_count() for mask in (one.cases, other.cases)]
        if min(alone) < DECIDES:
            continue
        for joint in joints:
            yield Condition(f"{one.words} {joint} {other.words}", joined[joint], cost)


def _exact(literals: Sequence[Condition], bad: int, cases: int) -> Condition | None:
    if not _has_support(bad, cases):
        return None
    single = next((each for each in literals if each.cases & cases == bad), None)
    if single:
        return single
    fitting = [pair for pair in _pairs(literals, cases) if pair.cases == bad]
    return min(fitting, key=lambda pair: pair.cost, default=None)


def _inside(literals: Sequence[Condition], bad: int) -> list[Condition]:
    """Return the literals that hold in failing cases only, the largest first."""
    return sorted(
        (each for each in literals if not each.cases & ~bad), key=lambda each: (-each.count, each.cost)
    )


def _two(literals: Sequence[Condition], bad: int, cases: int) -> Finding | None:
    """Explain two bugs one after the other: the first one's cases are left out for the second."""
    found: list[tuple[tuple[int, ...], Finding]] = []
    for first in _inside(literals, bad)[:TRIED]:
        left, wrong = cases & ~first.cases, bad & ~first.cases
        second = _exact(literals, wrong, left)
        if second:
            said = _finding("both", second, wrong, left, first=first.words, apart=first.count)
            found.append(((len(second.cost), -first.count), said))
    return min(found, key=lambda entry: entry[0])[1] if found else None


def _only(literals: Sequence[Condition], bad: int, cases: int) -> Finding | None:
    """Return the condition with the fewest cases that leaves no failing case out."""
    singles = [each for each in literals if not bad & ~each.cases]
    pairs = [pair for pair in _pairs(literals, cases, joints=("and",)) if not bad & ~pair.cases]
    for fitting in (singles, pairs):
        best = min(fitting, key=lambda each: (each.count, each.cost), default=None)
        if best and _has_support(best.cases, cases) and bad.bit_count() >= TELLING * best.count:
            return _finding("only", best, bad, cases)
    return None


def _part(literals: Sequence[Condition], bad: int, cases: int) -> Finding | None:
    best = next(iter(_inside(literals, bad)), None)
    if best is None or best.count < MOST * bad.bit_count():
        return None
    return _finding("part", best, bad, cases)


def _finding(
    kind: str, condition: Condition, bad: int, cases: int, *, first: str = "", apart: int = 0
) -> Finding:
    within, without = condition.cases & cases, cases & ~condition.cases
    return Finding(
        kind,
        condition.words,
        inside=((bad & within).bit_count(), within.bit_count()),
        outside=((bad & without).bit_count(), without.bit_count()),
        first=first,
        apart=apart,
    )


def in_words(finding: Finding, fails: str) -> str:
    """Return `finding` as a sentence.

    Args: fails  what happens in the failing cases, such as "dx is wrong".

    >>> in_words(Finding("always", "", (41, 41), (0, 0)), "your code raises IndexError")
    'Your code raises IndexError in all 41 small cases that we tried.'
    """
    said = _said(finding, fails)
    return f"Y{said[1:]}" if said.startswith("your") else said  # names of outputs stay as they are


def _said(finding: Finding, fails: str) -> str:
    inside, outside = finding.inside, finding.outside
    if finding.kind == "always":
        return f"{fails} in all {inside[1]} small cases that we tried."
    if finding.kind == "nearly":
        return f"{fails} in {inside[0]} of the {inside[1]} small cases that we tried."
    if finding.kind == "part":
        return (
            f"{fails} wherever {finding.words}: in all {inside[1]} such cases, "
            f"and in {outside[0]} of the {outside[1]} others."
        )
    if finding.kind == "only":
        return (
            f"{fails} only where {finding.words}: in {inside[0]} of {inside[1]} such cases, "
            f"and in none of the {outside[1]} others."
        )
    if finding.kind == "both":
        return (
            f"There may be two bugs. {fails} wherever {finding.first}: in all {finding.apart} such cases. "
            f"In the other cases it fails exactly where {finding.words}: in all {inside[1]} of them, and "
            f"in none of the remaining {outside[1]}."
        )
    return (
        f"{fails} exactly where {finding.words}: in all {inside[1]} such cases, "
        f"and in none of the {outside[1]} others."
    )
