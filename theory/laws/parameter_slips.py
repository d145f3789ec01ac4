"""Slips in counting a network's parameters: in one layer, in all, in what enters the linear layer, in N."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Any

import sympy

from theory.questions.network_parameters import VOCABULARY, Parameters
from theory.slips import Slip, nearly

N = VOCABULARY["N", ()]
BIAS = "Every filter and every class has a bias."
POOLED = "After the global pooling one number per channel enters the linear layer."
IN_ONE_LAYER = "-in-convolution-"
NEARLY = frozenset({"one-too-many", "one-too-few", "twice-as-many", "half-as-many"})


def convolutions(p: Parameters, channels: tuple[Any, ...], *, bias: int = 1) -> Any:
    """Return the parameters of convolutions to `channels`, one after the other."""
    pairs = itertools.pairwise((p.input_channels, *channels))
    return sum((p.kernel**2 * entering + bias) * leaving for entering, leaving in pairs)


def pooled_side(p: Parameters) -> int:
    """Return the side in pixels after a 2 × 2 pooling behind every convolution."""
    return p.side >> len(p.channels)


def closest(variable: Any, fixed: int) -> int:
    """Return the N whose count is closest to `fixed`; it grows evenly with N."""
    slope, start = int(variable.coeff(N)), int(variable.subs(N, 0))
    below = max(1, (fixed - start) // slope)
    return min((below, below + 1), key=lambda n: abs(start + slope * n - fixed))


def flattened_slips(p: Parameters) -> Iterator[Slip]:
    """Yield what is left after another number of poolings, or of other channels."""
    pools, last, right = len(p.channels), p.channels[-1], p.channels[-1] * pooled_side(p) ** 2
    for count in range(pools + 2):
        if count != pools:
            many = "few" if count < pools else "many"
            hint = f"The sides are halved {count} times: a pooling follows each convolution."
            yield Slip(f"too-{many}-poolings", hint, sympy.Integer(last * (p.side >> count) ** 2))
    for channels in (*p.channels[:-1], p.input_channels, sum(p.channels)):
        yield Slip(
            "channels-of-another-layer",
            "The last convolution determines the number of channels.",
            sympy.Integer(channels * pooled_side(p) ** 2),
        )
    yield Slip("side-not-squared", "Height and width both count.", sympy.Integer(last * pooled_side(p)))
    yield Slip("channels-not-counted", "Every channel is flattened.", sympy.Integer(pooled_side(p) ** 2))
    up = last * ceil(p.side / 2**pools) ** 2
    yield Slip("rounded-up", "Odd sides are rounded down.", sympy.Integer(up))
    yield Slip(
        "times-the-classes", "These are the weights of the linear layer.", sympy.Integer(right * p.classes)
    )
    shrunk = p.side
    for _ in p.channels:
        shrunk = (shrunk - p.kernel + 1) // 2
    yield Slip(
        "without-padding",
        "The convolutions keep height and width.",
        sympy.Integer(last * max(0, shrunk) ** 2),
    )
    yield from nearly(sympy.Integer(right))


def fixed_slips(p: Parameters) -> Iterator[Slip]:
    """Yield the first network's parameters with one slip."""
    flat = p.channels[-1] * pooled_side(p) ** 2
    convs = parts(p, p.channels)
    right = sum(convs) + (flat + 1) * p.classes
    for number, part in enumerate(convs, start=1):
        yield Slip(
            f"convolution-{number}-left-out",
            f"Convolution {number} is left out.",
            sympy.Integer(right - part),
        )
    for slip in (*slips_of_layers(p, p.channels), *nearly(sympy.Integer(right))):
        shift = 0 if slip.id in NEARLY else (flat + 1) * p.classes
        yield replace(slip, formula=slip.formula + shift)
    for slip in flattened_slips(p):
        value = sum(convs) + (slip.formula + 1) * p.classes
        yield _within(slip, "linear", "The linear layer's inputs", value)
    yield Slip("flattened-given", "These numbers enter the linear layer.", sympy.Integer(flat))
    yield Slip("linear-layer-alone", "The convolutions count too.", sympy.Integer((flat + 1) * p.classes))


def _within(slip: Slip, place: str, spoken: str, value: Any) -> Slip:
    """Return a slip as it comes out where it is one step on the way to `value`."""
    hint = f"{spoken}: {slip.hint[0].lower()}{slip.hint[1:]}"
    return replace(slip, id=f"{place}-{slip.id}", hint=hint, formula=value)


def parts(p: Parameters, channels: tuple[Any, ...]) -> list[Any]:
    """Return the parameters of each convolution."""
    pairs = itertools.pairwise((p.input_channels, *channels))
    return [(p.kernel**2 * entering + 1) * leaving for entering, leaving in pairs]


def slips_of_layers(p: Parameters, channels: tuple[Any, ...]) -> Iterator[Slip]:
    """Yield the parameters of all convolutions with one slip, in one of them or in all."""
    pairs = list(itertools.pairwise((p.input_channels, *channels)))
    whole = sum(parts(p, channels))
    everywhere: dict[str, list[Slip]] = {}
    for number, (entering, leaving) in enumerate(pairs, start=1):
        right = (p.kernel**2 * entering + 1) * leaving
        for slip in _convolution_slips(p.kernel, entering, leaving):
            everywhere.setdefault(slip.id, []).append(slip)
            other = _within(slip, "", f"Convolution {number}", whole - right + slip.formula)
            yield replace(other, id=f"{slip.id}{IN_ONE_LAYER}{number}")
    for id, slips in everywhere.items():
        yield Slip(id, slips[0].hint, sum((slip.formula for slip in slips), sympy.Integer(0)))


def _convolution_slips(kernel: int, entering: Any, leaving: Any) -> Iterator[Slip]:
    area = kernel**2
    for id, hint, value in (
        ("bias-left-out", BIAS, area * entering * leaving),
        ("one-bias-per-layer", BIAS, area * entering * leaving + 1),
        ("kernel-not-squared", "A kernel of K x K has K² weights.", (kernel * entering + 1) * leaving),
        ("kernel-lost", "A kernel of K x K has K² weights.", (entering + 1) * leaving),
        (
            "input-channels-ignored",
            "A filter reaches through all channels of its input.",
            (area + 1) * leaving,
        ),
        ("filters-ignored", "Each filter has its own weights.", area * entering + 1),
        ("bias-per-input-channel", "There is one bias per filter.", (area * entering + entering) * leaving),
        (
            "bias-per-input-channel-only",
            "There is one bias per filter.",
            area * entering * leaving + entering,
        ),
    ):
        yield Slip(id, hint, sympy.sympify(value))


def variable_slips(p: Parameters, variable: Any) -> Iterator[Slip]:
    """Yield the second network's formula with one slip."""
    linear, channels = (N + 1) * p.classes, (*p.channels[:-1], N)
    for slip in slips_of_layers(p, channels):
        yield Slip(slip.id, slip.hint, slip.formula + linear)
    for number, part in enumerate(parts(p, channels), start=1):
        yield Slip(f"convolution-{number}-left-out", f"Convolution {number} is left out.", variable - part)
    yield Slip("linear-layer-left-out", "The linear layer has parameters too.", variable - linear)
    yield Slip("constant-left-out", "What does not depend on N counts too.", variable.coeff(N) * N)
    yield Slip("one-bias-for-all-classes", BIAS, variable - p.classes + 1)
    yield Slip("classes-lost", "Every class has its own weights.", variable - linear + N + 1)
    yield Slip(
        "weights-of-the-linear-layer-left-out",
        "One weight leads from each channel to each class.",
        variable - N * p.classes,
    )
    yield Slip("fixed-last-layer", "The last convolution has N filters.", variable.subs(N, p.channels[-1]))
    yield Slip("sign-turned", "Check the signs.", -variable)
    before = (*p.channels[:-2], N, p.channels[-1])
    yield Slip(
        "another-layer-varied",
        "The last convolution has N filters.",
        convolutions(p, before) + (p.channels[-1] + 1) * p.classes,
    )
    yield Slip("one-channel-too-many", "Check the constant term, without N.", variable + 1)
    pooled = pooled_side(p)
    yield Slip("side-for-area-in-the-linear-layer", POOLED, variable - linear + (N * pooled + 1) * p.classes)


def best_slips(p: Parameters, variable: Any, fixed: int) -> Iterator[Slip]:
    """Yield the N that comes closest by a formula, or for a first count, with one slip.

    Slips in one layer alone are left out: rounded to whole N, too many of them end in the same.
    """
    for slip in variable_slips(p, variable):
        if IN_ONE_LAYER not in slip.id and slip.formula.coeff(N).is_Integer and slip.formula.coeff(N) > 0:
            value = sympy.Integer(closest(slip.formula, fixed))
            yield _within(slip, "formula", "Your formula in N", value)
    for slip in fixed_slips(p):
        if IN_ONE_LAYER not in slip.id and slip.formula > variable.subs(N, 1):
            value = sympy.Integer(closest(variable, int(slip.formula)))
            yield _within(slip, "count", "The first network's count", value)
    yield from nearly(sympy.Integer(closest(variable, fixed)))


def count_slips(p: Parameters, variable: Any, best: int, fixed: int) -> Iterator[Slip]:
    """Yield the count at the best N by a formula with one slip, and at an N beside it."""
    for slip in variable_slips(p, variable):
        yield _within(slip, "formula", "Your formula in N", slip.formula.subs(N, best))
    for other in range(max(1, best - 3), best + 4):
        if other != best:
            yield Slip("count-at-another-n", "This is the count for a nearby N.", variable.subs(N, other))
    for channels in p.channels:
        yield Slip(
            "same-channels",
            "This is the count with the first network's channels.",
            variable.subs(N, channels),
        )
    yield Slip("number-of-channels-given", "This is N, not the count.", sympy.Integer(best))
    yield from nearly(variable.subs(N, best))
