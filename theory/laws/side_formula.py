"""The side of an output as a formula: it counts the places of the kernel, whatever the sizes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import sympy

from theory.algebra.rounding import Sizes, fingerprint, first_difference, value_of
from theory.law import Law, Misconception, Sheet, written
from theory.laws import output_side
from theory.questions.output_sizes import VOCABULARY
from theory.slips import Slip, at_numbers, told_apart

n, k, p, s = NAMES = tuple(VOCABULARY[name, ()] for name in "nkps")
ROUND = "The last step of the kernel may not fit: round down."
SPELT = {output_side.n: n, output_side.k: k, output_side.p: p, output_side.s: s}


def right_side() -> Any:
    """Return floor((n + 2 p - k) / s) + 1."""
    return sympy.floor((n + 2 * p - k) / s) + 1


def side_law() -> Law:
    """Return the law of the formula."""
    right = right_side()
    return Law(
        statement="This counts the positions of the kernel, for all sizes.",
        holds=lambda answer, _sheet: first_difference(answer, right, NAMES) is None,
        locate=lambda answer, _sheet: _where(answer, right),
        misconceptions=tuple(_misconceptions(right)),
    )


def _where(answer: Any, right: Any) -> str:
    sizes: Sizes = first_difference(answer, right, NAMES) or {}
    given = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    return f"At {given} this is {value_of(answer, sizes)}: count the positions of the kernel there."


def _misconceptions(right: Any) -> Iterator[Misconception]:
    found = told_apart((), _slips(), right, lambda formula: fingerprint(formula, NAMES), is_general=True)
    for value, slip in found:
        yield Misconception(slip.id, slip.hint, _matches(value), written(slip.formula))


def _matches(value: Hashable) -> Callable[[Any, Sheet], bool]:
    return lambda answer, _sheet: fingerprint(answer, NAMES) == value


def _slips() -> Iterator[Slip]:
    numbers = {output_side.both: 2, output_side.first: 1}
    for slip in at_numbers(output_side.WORDS.of(output_side.SIDE), numbers):
        yield Slip(slip.id, slip.hint, slip.formula.xreplace(SPELT))
    reach = n + 2 * p - k
    yield Slip("not-rounded", ROUND, reach / s + 1)
    yield Slip("not-rounded-and-no-first-place", f"{ROUND} The first position counts, too.", reach / s)
    yield Slip("first-place-inside-the-fraction", "The first position is no step: add 1 after the fraction.",
               sympy.floor((reach + 1) / s))  # fmt: skip
    yield Slip(
        "image-divided-by-the-stride", "The kernel takes up space, and so do the zeros.", sympy.floor(n / s)
    )
    yield Slip("one-step-too-few", "Count the steps again: what is subtracted twice?",
               sympy.floor((reach - 1) / s) + 1)  # fmt: skip
    yield Slip(
        "one-place-too-many", "Count the positions again: it is one too many.", sympy.floor(reach / s) + 2
    )
    yield Slip(
        "stride-inside-the-sum",
        "Divide the whole distance by the stride.",
        sympy.floor(n + 2 * p - k / s) + 1,
    )
    yield Slip("padding-not-divided", "The zeros are part of the distance that is divided.",
               sympy.floor((n - k) / s) + 2 * p + 1)  # fmt: skip
    yield Slip("kernel-not-divided", "The kernel is part of the distance that is divided.",
               sympy.floor((n + 2 * p) / s) - k + 1)  # fmt: skip
    yield Slip("pooling-of-its-own-size", "The stride need not be the kernel's side.", sympy.floor(n / k))
