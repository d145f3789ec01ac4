"""Operations counted one output value at a time, by the rules that the question states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from theory.law import Law, Laws, Misconception, mistaken, value_law
from theory.questions.operation_counts import Parameters

SUMS = "A sum of n products takes n - 1 additions."
PER_VALUE = "A bias is added once for every output value, not once a filter."
CHANNELS = "A filter reaches through all channels of the input."


@dataclass(frozen=True)
class Counts:
    """Everything that is counted, of both layers."""

    side: int  # of the convolution's output, pixels
    values: int  # of the convolution's output
    products: int  # of one output value
    pooled_side: int
    comparisons: int

    @property
    def total(self) -> int:
        """Return all operations without bias."""
        return self.values * (2 * self.products - 1) + self.comparisons


def count(p: Parameters) -> Counts:
    """Return the counts of the question's two layers."""
    side = (p.side + 2 * p.padding - p.kernel) // p.stride + 1
    pooled = (side - p.pool) // p.pool_stride + 1
    return Counts(
        side=side,
        values=side**2 * p.filters,
        products=p.kernel**2 * p.channels,
        pooled_side=pooled,
        comparisons=pooled**2 * p.filters * (p.pool**2 - 1),
    )


def laws(parameters: Parameters) -> Laws:
    """Return the laws of all blanks."""
    p, counts = parameters, count(parameters)
    return {
        "conv_output": _conv_output(p, counts),
        "conv_multiplications": _multiplications(p, counts),
        "conv_additions": _additions(p, counts),
        "conv_additions_bias": _additions_bias(p, counts),
        "pool_output": _pool_output(p, counts),
        "pool_comparisons": _comparisons(p, counts),
        "total": _total(p, counts),
        "total_bias": _total_bias(p, counts),
    }


def _whole(id: str, hint: str, value: int) -> Misconception:
    return mistaken(id, hint, sympy.Integer(value))


def _number(statement: str, right: int, known: list[Misconception], place: str, follows: Any = None) -> Law:
    return value_law(statement, sympy.Integer(right), known, place=place, follows=follows)


def _conv_output(p: Parameters, c: Counts) -> Law:
    bare = (p.side - p.kernel) // p.stride + 1
    once = (p.side + p.padding - p.kernel) // p.stride + 1
    return value_law("The kernel fits at so many places, once a filter.", (c.side, c.side, p.filters), [
        mistaken("input-channels-kept", "Each filter makes one channel.", (c.side, c.side, p.channels)),
        mistaken("padding-ignored", "The zeros count too.", (bare, bare, p.filters)),
        mistaken("padding-on-one-side", "Zeros are put on both sides of each axis.", (once, once, p.filters)),
        mistaken("first-place-not-counted", "The first place counts too: + 1.",
                 (c.side - 1, c.side - 1, p.filters)),
    ], place="Count the places of the kernel along each side, and the filters.")  # fmt: skip


def _multiplications(p: Parameters, c: Counts) -> Law:
    return _number("Each output value takes a product for each weight.", c.values * c.products, [
        _whole("channels-ignored", CHANNELS, c.values * p.kernel**2),
        _whole("filters-ignored", "Every filter computes a map of its own.", c.side**2 * c.products),
        _whole("at-every-pixel", "The kernel stands only at the places of the output.",
               p.side**2 * p.filters * c.products),
        _whole("one-value-only", "This is one output value.", c.products),
        _whole("additions-included", "Count the multiplications alone.", c.values * (2 * c.products - 1)),
    ], "Output values times products in one of them.")  # fmt: skip


def _additions(p: Parameters, c: Counts) -> Law:
    return _number("n products are added by n - 1 additions.", c.values * (c.products - 1), [
        _whole("as-many-additions-as-products", SUMS, c.values * c.products),
        _whole("channels-ignored", CHANNELS, c.values * (p.kernel**2 - 1)),
        _whole("channels-not-added", "The sums of all channels are added up, too.",
               c.values * (p.kernel**2 - 1) * p.channels),
        _whole("filters-ignored", "Every filter computes a map of its own.", c.side**2 * (c.products - 1)),
    ], "Output values times additions in one of them.")  # fmt: skip


def _additions_bias(p: Parameters, c: Counts) -> Law:
    without = c.values * (c.products - 1)
    return _number("The bias is one more addition for each output value.", without + c.values, [
        _whole("bias-once-a-filter", PER_VALUE, without + p.filters),
        _whole("bias-forgotten", "The bias is added as well.", without),
        _whole("as-many-additions-as-products", SUMS, without + 2 * c.values),
        _whole("bias-once-a-place", "Each filter adds its own bias.", without + c.side**2),
    ], "Take the additions without bias, and one more for each output value.",
        follows=lambda answer, sheet: answer == sheet.get("conv_additions", answer) + c.values)  # fmt: skip


def _pool_output(p: Parameters, c: Counts) -> Law:
    bare, apart = c.pooled_side - 1, c.side // p.pool
    from_input = (p.side - p.pool) // p.pool_stride + 1
    return value_law("Each channel is pooled by itself.", (c.pooled_side, c.pooled_side, p.filters), [
        mistaken("first-place-not-counted", "The first place counts too: + 1.", (bare, bare, p.filters)),
        mistaken("stride-of-the-window", "The window moves by the given stride.", (apart, apart, p.filters)),
        mistaken("input-of-the-convolution", "The pooling sees the convolution's output.",
                 (from_input, from_input, p.filters)),
        mistaken("channels-pooled", "Channels are not pooled together.", (c.pooled_side, c.pooled_side, 1)),
    ], place="Count the places of the window on the convolution's output.")  # fmt: skip


def _comparisons(p: Parameters, c: Counts) -> Law:
    values = c.pooled_side**2 * p.filters
    return _number("The maximum of n values takes n - 1 comparisons.", c.comparisons, [
        _whole("as-many-comparisons-as-values", "The first value needs no comparison.", values * p.pool**2),
        _whole("channels-ignored", "Every channel is pooled.", c.pooled_side**2 * (p.pool**2 - 1)),
        _whole("one-comparison-a-window", "Finding a maximum compares every further value.", values),
        _whole("row-by-row", "A window of K x K holds K² values.", values * (p.pool - 1)),
    ], "Output values of the pooling times comparisons in one window.")  # fmt: skip


def _total(p: Parameters, c: Counts) -> Law:
    return _number("Both layers together.", c.total, [
        _whole("pooling-left-out", "The pooling counts too.", c.total - c.comparisons),
        _whole("as-many-additions-as-products", SUMS, c.total + c.values),
        _whole("multiplications-only", "Additions and comparisons count too.", c.values * c.products),
        _whole("additions-left-out", "Additions count too.", c.values * c.products + c.comparisons),
    ], "Add up multiplications, additions and comparisons.",
        follows=lambda answer, sheet: answer == _added(sheet, "conv_additions"))  # fmt: skip


def _total_bias(p: Parameters, c: Counts) -> Law:
    return _number("Both layers together, with bias.", c.total + c.values, [
        _whole("bias-once-a-filter", PER_VALUE, c.total + p.filters),
        _whole("bias-forgotten", "The bias is added as well.", c.total),
        _whole("pooling-left-out", "The pooling counts too.", c.total + c.values - c.comparisons),
        _whole("bias-in-the-pooling", "The pooling has no bias.",
               c.total + c.values + c.pooled_side**2 * p.filters),
    ], "Add up multiplications, additions with bias, and comparisons.",
        follows=lambda answer, sheet: answer == _added(sheet, "conv_additions_bias"))  # fmt: skip


def _added(sheet: Any, additions: str) -> Any:
    names = ("conv_multiplications", additions, "pool_comparisons")
    return sum(sheet[name] for name in names) if all(name in sheet for name in names) else None
