"""The side of a convolution's output, floor((n + 2 p - k) / s) + 1, and every slip in it, along all axes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy

from theory.slips import Slip, Slips

n, k, p, s, both, first = sympy.symbols("input_side kernel padding stride both_sides first_place")
SIDE = sympy.floor((n + both * p - k) / s) + first
WORDS = Slips(
    words={
        n: "the input's side", k: "the kernel's side", p: "the padding", s: "the stride",
        both: "both sides that are padded with zeros", first: "the kernel's first position (+ 1)",
    },
    siblings={s: (k,)},
)  # fmt: skip


def side(length: int, numbers: Mapping[sympy.Symbol, int]) -> int:
    """Count the places of the kernel along one side."""
    return int(SIDE.subs({**numbers, n: length}))


def side_slips(lengths: Sequence[int], numbers: Mapping[sympy.Symbol, int]) -> Iterator[Slip]:
    """Yield every slip in the formula, for all sides alike; its formula is the tuple of sides."""
    given = {symbol: sympy.Integer(value) for symbol, value in numbers.items()}
    for slip in (
        *WORDS.of(SIDE),
        Slip("one-place-too-many", "Count the positions again: it is one too many.", SIDE + 1, is_plain=True),
        Slip("one-place-too-few", "Count the positions again: it is one too few.", SIDE - 1, is_plain=True),
    ):
        if slip.id == "padding-lost" and not numbers[p]:
            continue
        sides = [slip.formula.xreplace({**given, n: sympy.Integer(length)}) for length in lengths]
        if all(side.is_Integer and side > 0 for side in sides):
            yield replace(slip, formula=tuple(int(side) for side in sides))


def size_slips(
    channels: int,
    wrong_channels: Mapping[str, int],
    lengths: Sequence[int],
    numbers: Mapping[sympy.Symbol, int],
) -> Iterator[Slip]:
    """Yield the slips in a size, channels first: of both sides, of one, of the channels, and of the order."""
    right = tuple(side(length, numbers) for length in lengths)
    for slip in side_slips(lengths, numbers):
        yield replace(slip, formula=(channels, *slip.formula))
        if right[0] != right[1]:
            hint = f"Along one axis: {slip.hint[0].lower()}{slip.hint[1:]}"
            for mixed in ((slip.formula[0], right[1]), (right[0], slip.formula[1])):
                formula = (channels, *mixed)
                yield replace(slip, id=f"{slip.id}-on-one-axis", hint=hint, formula=formula)
    for name, count in wrong_channels.items():
        hint = f"Each filter makes one channel; these are {name.replace('-', ' ')}."
        yield Slip(f"{name}-for-filters", hint, (count, *right))
    yield Slip("input-side-kept", "The kernel does not fit at every pixel.", (channels, *lengths))
    for order in itertools.permutations((channels, *right)):
        yield Slip("axes-in-another-order", "Write the axes in the order that the question names.", order)
