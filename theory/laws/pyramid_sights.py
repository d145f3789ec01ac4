"""What can be seen in an answer on the pyramid that no single slip explains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from theory.law import Misconception, Sheet
from theory.laws.operator_law import TERMS, terms_of

EVERY_EXPANSION = "L_k is expanded k times before it has the size of I_0."


def visible_in_kept(names: Any, top: int) -> tuple[Misconception, ...]:
    """Tell sets that hold too much, or too little, from those that split the image otherwise."""
    right = frozenset({names["I", (top,)], *(names["L", (k,)] for k in range(top))})

    def is_enough(answer: frozenset[Any]) -> bool:
        return names["I", (0,)] in _rebuilt(answer, names, top)

    more = frozenset({*right, *(names["I", (k,)] for k in range(top))})
    return (
        Misconception("more-than-needed", "Some of these can be reconstructed from the others.",
                      lambda answer, _sheet: answer > right, _listed(more)),
        Misconception("split-too-early",
                      "This is enough, but the pyramid splits every image except the smallest.",
                      lambda answer, _sheet: is_enough(answer), f"L0, {names['I', (1,)]}"),
        Misconception("not-enough", "I_0 cannot be reconstructed from these.",
                      lambda answer, _sheet: not is_enough(answer), str(names["I", (top,)])),
    )  # fmt: skip


def _rebuilt(kept: frozenset[Any], names: Any, top: int) -> set[Any]:
    """Return all images that follow from what is kept by I_k = L_k + U I_(k+1)."""
    known = set(kept)
    for k in reversed(range(top)):
        if {names["L", (k,)], names["I", (k + 1,)]} <= known:
            known.add(names["I", (k,)])
    return known


def _listed(kept: frozenset[Any]) -> str:
    return ", ".join(sorted(map(str, kept)))


def visible_in_image(right: Any) -> tuple[Misconception, ...]:
    """Tell sums of the right images of which some are expanded too often or not often enough."""
    expected = _expansions(right)

    def is_miscounted(answer: Any, _sheet: Sheet) -> bool:
        if terms_of(answer) > TERMS:
            return False
        got = _expansions(answer)
        return set(got) == set(expected) and got != expected

    example = " + ".join(map(str, expected))
    return (Misconception("expansions-miscounted", EVERY_EXPANSION, is_miscounted, example),)


def _expansions(formula: Any) -> Mapping[Any, int]:
    """Return how many operators stand before each image; nothing if a term is not such a product."""
    found: dict[Any, int] = {}
    for term in sympy.Add.make_args(sympy.expand(formula)):
        factors = list(term.args) if term.is_Mul else [term]
        image, operators = factors[-1], factors[:-1]
        if image in found or not all(_is_operator(factor) for factor in operators) or _is_operator(image):
            return {}
        found[image] = sum(int(factor.as_base_exp()[1]) for factor in operators)
    return found


def _is_operator(factor: Any) -> bool:
    base, power = factor.as_base_exp()
    return bool(base.is_Symbol and str(base).startswith("U") and power.is_Integer)
