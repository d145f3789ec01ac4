"""Slips in counting the parameters of one layer of LeNet-5."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Any

import sympy

from theory.law import Misconception, mistaken
from theory.laws.lenet5_counts import MAPS, SEEN, SIDE, trained, weights
from theory.questions.lenet5 import LAYERS, Parameters
from theory.slips import Slip, Slips, at_numbers, nearly

KERNEL = "A kernel of K x K has K² weights"
NO_BIAS = "and the question counts one bias for each map and unit."
side, entering, leaving, bias, image, classes, other_maps = sympy.symbols(
    "kernel inputs units bias image_side classes other_maps"
)
SLIPS = Slips(
    words={
        side: "the kernel's side", entering: "the inputs of one unit",
        leaving: "the maps or units of the layer",
        bias: "the bias", image: "the side of the image", classes: "the classes",
        other_maps: "the maps of another layer",
    },
    siblings={entering: (leaving, image)},
)  # fmt: skip


def layer_slips(layer: str, p: Parameters) -> Iterator[Slip]:
    """Yield the slips of (K² inputs + bias) maps, and of the other layers' counts."""
    if layer in MAPS and weights(layer, p):
        formula, values = _formula(layer, p)
        yield from at_numbers(SLIPS.of(formula), values)
        for number in {1, 6, 16, 120, 400, 84} - {values[entering]}:
            hint = "Check how many values enter one unit of this layer."
            inputs = Slip("other-inputs", hint, formula, is_plain=True)
            yield from at_numbers(iter([inputs]), {**values, entering: number})
            hint = "Check how many maps or units the layer has."
            if number > 1:
                units = Slip("other-units", hint, formula, is_plain=True)
                yield from at_numbers(iter([units]), {**values, leaving: number})
        if p.has_bias and values[entering] > 1:
            wrong = sympy.Integer(weights(layer, p) + values[entering])
            yield Slip("bias-per-input", "There is one bias for each output map or unit.", wrong)
        yield from nearly(
            formula.xreplace({symbol: sympy.Integer(value) for symbol, value in values.items()})
        )
    for other in LAYERS:
        if other != layer and trained(other, p) and layer in MAPS:
            yield Slip(f"{other}-given", f"This counts {other}.", sympy.Integer(trained(other, p)))


def without_bias(layer: str, p: Parameters) -> Iterator[Misconception]:
    """Yield the slips of students who count no biases besides: they do so everywhere."""
    if not p.has_bias or layer not in MAPS or not weights(layer, p):
        return
    formula, values = _formula(layer, p)
    for name, hint, changed in (
        ("kernel-lost", KERNEL, {side: 1}),
        ("kernel-not-squared", KERNEL, {side: isqrt(values[side])}),
        ("units-lost", "Every map or unit has its own weights", {leaving: 1}),
        ("inputs-lost", "A map or unit sees all maps or units before it", {entering: 1}),
    ):
        value = formula.subs({**values, **changed, bias: 0})
        yield mistaken(f"{name}-and-bias-left-out", f"{hint}; {NO_BIAS}", value)


def _formula(layer: str, p: Parameters) -> tuple[Any, dict[Any, int]]:
    number = MAPS[layer]
    area = SIDE if layer in ("C1", "C3", "C5") else 1
    inputs = weights(layer, p) // (area**2 * number)
    values = {side: area, entering: inputs, leaving: number, bias: int(p.has_bias), image: 32, classes: 10}
    values[other_maps] = 6 if layer == "C5" else 16
    if layer == "C3" and p.c3 == "table":
        return (side**2 * entering + bias * leaving), {**values, entering: sum(SEEN)}
    kernel = side**2 if area > 1 else sympy.Integer(1)
    return (kernel * entering + bias) * leaving, values
