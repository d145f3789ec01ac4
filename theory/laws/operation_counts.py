"""Operations counted one output value at a time, by the rules that the question states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from theory.law import Law, Laws, Misconception, mistaken, of_numbers, value_law
from theory.laws import output_side
from theory.laws.operation_formulas import SLIPS, STATEMENTS, numbers, siblings
from theory.questions.operation_counts import Parameters
from theory.slips import at_numbers

SUMS = "A sum of n products takes n - 1 additions; its bias is one more, where the question asks for it."
PER_VALUE = "A bias is added once for every output value, not once per filter."
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


def _number(p: Parameters, name: str, known: list[Misconception], follows: Any = None) -> Law:
    statement, place, formula = STATEMENTS[name]
    values = numbers(p)
    slips = [*at_numbers(SLIPS.of(formula), values), *siblings(name, values)]
    right = formula.subs(values)
    return value_law(statement, right, known, place=place, follows=follows, slips=of_numbers(slips))


def _size(
    p: Parameters, right: tuple[int, ...], known: list[Misconception], place: str, side: int, conv: bool
) -> Law:
    wrong = (
        {"input-channels": p.channels}
        if conv
        else {"input-channels": p.channels, "channels-pooled-together": 1}
    )
    window = (p.kernel, p.padding, p.stride) if conv else (p.pool, 0, p.pool_stride)
    given = {output_side.k: window[0], output_side.p: window[1], output_side.s: window[2]}
    given |= {output_side.both: 2, output_side.first: 1}
    slips = output_side.size_slips(p.filters, wrong, (side, side), given)
    statement = "This is the number of positions of the window, for each filter."
    return value_law(statement, right, known, place=place, slips=slips)


def _conv_output(p: Parameters, c: Counts) -> Law:
    return _size(p, (p.filters, c.side, c.side), [
        mistaken("input-channels-kept", "Each filter makes one channel.", (p.channels, c.side, c.side)),
    ], "Count the filters, and the positions of the kernel along each side.", p.side, True)  # fmt: skip


def _multiplications(p: Parameters, c: Counts) -> Law:
    return _number(p, "conv_multiplications", [
        _whole("channels-ignored", CHANNELS, c.values * p.kernel**2),
        _whole("filters-ignored", "Every filter computes its own map.", c.side**2 * c.products),
        _whole("at-every-pixel", "The kernel is applied only at the positions of the output.",
               p.side**2 * p.filters * c.products),
        _whole("one-value-only", "This is one output value.", c.products),
        _whole("values-for-products", "These are the output values: each is a sum of products.",
               c.values),
        _whole("additions-included", "Count only the multiplications.", c.values * (2 * c.products - 1)),
    ])  # fmt: skip


def _additions(p: Parameters, c: Counts) -> Law:
    return _number(p, "conv_additions", [
        _whole("as-many-additions-as-products", SUMS, c.values * c.products),
        _whole("channels-ignored", CHANNELS, c.values * (p.kernel**2 - 1)),
        _whole("channels-not-added", "The sums of all channels are added up, too.",
               c.values * (p.kernel**2 - 1) * p.channels),
        _whole("filters-ignored", "Every filter computes its own map.", c.side**2 * (c.products - 1)),
    ])  # fmt: skip


def _additions_bias(p: Parameters, c: Counts) -> Law:
    without = c.values * (c.products - 1)
    return _number(p, "conv_additions_bias", [
        _whole("bias-once-per-filter", PER_VALUE, without + p.filters),
        _whole("bias-forgotten", "The bias is added as well.", without),
        _whole("as-many-additions-as-products", SUMS, without + 2 * c.values),
        _whole("bias-once-per-place", "Each filter adds its own bias.", without + c.side**2),
        _whole("one-bias-in-all", PER_VALUE, without + 1),
        _whole("channels-not-added", "The sums of all channels are added up, too.",
               c.values * ((p.kernel**2 - 1) * p.channels + 1)),
    ], follows=lambda answer, sheet: answer == sheet.get("conv_additions", answer) + c.values)  # fmt: skip


def _pool_output(p: Parameters, c: Counts) -> Law:
    apart = c.side // p.pool
    from_input = (p.side - p.pool) // p.pool_stride + 1
    return _size(p, (p.filters, c.pooled_side, c.pooled_side), [
        mistaken("stride-of-the-window", "The window moves by the given stride.", (p.filters, apart, apart)),
        mistaken("input-of-the-convolution", "The pooling sees the convolution's output.",
                 (p.filters, from_input, from_input)),
        mistaken("channels-pooled", "Channels are not pooled together.", (1, c.pooled_side, c.pooled_side)),
    ], "Count the positions of the window on the convolution's output.", c.side, False)  # fmt: skip


def _comparisons(p: Parameters, c: Counts) -> Law:
    values = c.pooled_side**2 * p.filters
    return _number(p, "pool_comparisons", [
        _whole("as-many-comparisons-as-values", "The first value needs no comparison.", values * p.pool**2),
        _whole("channels-ignored", "Every channel is pooled.", c.pooled_side**2 * (p.pool**2 - 1)),
        _whole("one-comparison-per-window", "Each further value takes one comparison.", values),
    ])  # fmt: skip


def _total(p: Parameters, c: Counts) -> Law:
    return _number(p, "total", [
        _whole("pooling-left-out", "The pooling counts too.", c.total - c.comparisons),
        _whole("as-many-additions-as-products", SUMS, c.total + c.values),
        _whole("multiplications-only", "Additions and comparisons count too.", c.values * c.products),
        _whole("additions-left-out", "Additions count too.", c.values * c.products + c.comparisons),
        _whole("channels-not-added", "The sums of all channels are added up, too.",
               c.total - c.values * (p.channels - 1)),
        _whole("as-many-comparisons-as-values", "The first value needs no comparison.",
               c.total + c.pooled_side**2 * p.filters),
    ], follows=lambda answer, sheet: answer == _added(sheet, "conv_additions"))  # fmt: skip


def _total_bias(p: Parameters, c: Counts) -> Law:
    total, values = c.total + c.values, c.pooled_side**2 * p.filters
    return _number(p, "total_bias", [
        _whole("bias-once-per-filter", PER_VALUE, c.total + p.filters),
        _whole("bias-once-per-place", "Each filter adds its own bias.", c.total + c.side**2),
        _whole("one-bias-in-all", PER_VALUE, c.total + 1),
        _whole("bias-forgotten", "The bias is added as well.", c.total),
        _whole("pooling-left-out", "The pooling counts too.", total - c.comparisons),
        _whole("as-many-additions-as-products", SUMS, total + c.values),
        _whole("as-many-comparisons-as-values",
               "The first value needs no comparison, and the pooling has no bias.", total + values),
        _whole("additions-left-out", "Additions count too.", c.values * c.products + c.comparisons),
        _whole("multiplications-only", "Additions and comparisons count too.", c.values * c.products),
    ], follows=lambda answer, sheet: answer == _added(sheet, "conv_additions_bias"))  # fmt: skip


def _added(sheet: Any, additions: str) -> Any:
    names = ("conv_multiplications", additions, "pool_comparisons")
    return sum(sheet[name] for name in names) if all(name in sheet for name in names) else None
