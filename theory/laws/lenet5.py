"""Trainable parameters of LeNet-5 (LeCun, Bottou, Bengio, Haffner, 1998), by each convention."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy

from theory.law import Law, Laws, Misconception, distinct, mistaken, of_numbers, value_law
from theory.laws.lenet5_counts import MAPS, SIDE, total, trained, weights
from theory.laws.lenet5_slips import layer_slips, without_bias
from theory.questions.lenet5 import LAYERS, Parameters
from theory.slips import Slip, nearly

HINTS = {
    "bias": "The question counts one bias for each map and unit.",
    "no-bias": "The question counts no biases.",
    "table": "This counts the 60 connections of the paper's table; the question connects C3 fully.",
    "full": "This connects C3 fully; the question uses the paper's table of 60 connections.",
    "trainable": "This gives each map a coefficient and a bias; here subsampling trains nothing.",
    "none": "Here each map of a subsampling layer has a coefficient and a bias to train.",
    "rbf": "The output layer is not counted: here it is fully connected, and trained like F6.",
    "linear": "Here the output compares its input with fixed prototypes, which are not trained.",
    "channels": "A filter reaches through all maps of its input.",
    "once": "There is one bias for each map or unit, not one for the layer.",
}


KERNELS = "Subsampling has no kernel of weights."
COUNTS = {"C1": 6, "S2": 6, "C3": 16, "S4": 16, "C5": 120}
AREAS = {"C1": 28**2, "S2": 14**2, "C3": 10**2, "S4": 5**2}  # pixels that come out of one map


def laws(parameters: Parameters) -> Laws:
    """Return the law of each layer, and of the total."""
    return {**{layer: _layer(layer, parameters) for layer in LAYERS}, "total": _total(parameters)}


def _other_conventions(p: Parameters) -> list[tuple[str, str, Parameters]]:
    c3 = "table" if p.c3 == "full" else "full"
    subsampling = "trainable" if p.subsampling == "none" else "none"
    output = "rbf" if p.output == "linear" else "linear"
    bias = "bias" if p.has_bias else "no-bias"
    return [
        ("bias-left-out" if p.has_bias else "bias-counted", HINTS[bias], replace(p, has_bias=not p.has_bias)),
        (f"c3-{c3}", HINTS[c3], replace(p, c3=c3)),
        (f"subsampling-{subsampling}", HINTS[subsampling], replace(p, subsampling=subsampling)),
        (f"output-{output}", HINTS[output], replace(p, output=output)),
    ]


def _layer(layer: str, p: Parameters) -> Law:
    known = [mistaken(id, hint, _whole(trained(layer, other))) for id, hint, other in _other_conventions(p)]
    if layer == "C3":
        both = replace(p, c3=_other_conventions(p)[1][2].c3, has_bias=not p.has_bias)
        known.append(
            mistaken(
                "c3-and-bias",
                "Two conventions differ: C3's connections and the biases.",
                _whole(trained(layer, both)),
            )
        )
    if layer in ("C3", "C5"):
        known.append(mistaken("input-maps-ignored", HINTS["channels"], _whole((SIDE**2 + 1) * MAPS[layer])))
    if layer in MAPS and p.has_bias:
        known.append(mistaken("one-bias-for-the-layer", HINTS["once"], _whole(weights(layer, p) + 1)))
    if layer in ("S2", "S4"):
        value = _whole(COUNTS[layer] * 5)
        known.append(mistaken("kernel-and-bias-for-subsampling", KERNELS, value))
    known += [mistaken(id, hint, _whole(value)) for id, hint, value in _special(layer, p)]
    place = "Weights of one map or unit, and its bias if there is one; then all maps or units of the layer."
    law = value_law(
        "This is the number of trained parameters of this layer.",
        _whole(trained(layer, p)),
        known,
        place=place,
        slips=of_numbers(layer_slips(layer, p)),
    )
    return replace(law, visible=tuple(without_bias(layer, p)))


def _special(layer: str, p: Parameters) -> Iterator[tuple[str, str, int]]:
    """Yield what else a layer has that can be counted: values, connections, kernels."""
    if layer in AREAS:
        maps, area = COUNTS[layer], AREAS[layer]
        yield (
            "values-for-parameters",
            "These are the output values; they share the weights.",
            maps * area,
        )
        connections = (trained(layer, p) or maps * 5) * area
        yield (
            "connections-for-parameters",
            "Weights are shared: each is counted once, not once per pixel.",
            connections,
        )
    if layer in ("S2", "S4"):
        maps = COUNTS[layer]
        yield "kernel-for-subsampling", KERNELS, maps * 4
        yield "one-kernel-for-subsampling", KERNELS, 4
        yield "coefficient-for-subsampling", HINTS["trainable"], maps
        yield "convolution-for-subsampling", KERNELS, (4 * maps + 1) * maps
        yield "kernel-of-five-for-subsampling", KERNELS, (SIDE**2 + 1) * maps
        yield "coefficient-and-bias-of-one-map", HINTS["trainable"], 2


def _total(p: Parameters) -> Law:
    right = total(p)
    known = [
        *(mistaken(id, hint, _whole(total(other))) for id, hint, other in _other_conventions(p)),
        mistaken("as-in-the-paper", "This uses the paper's conventions; the question states different ones.",
                 _whole(total(Parameters(c3="table", subsampling="trainable", output="rbf")))),
    ]  # fmt: skip
    if p.has_bias:
        known.append(_some_biases(p))
    return Law(
        statement="All layers together.",
        holds=lambda answer, _sheet: bool(answer == right),
        locate=lambda answer, sheet: _sum_of(answer, sheet),
        misconceptions=distinct(known, _whole(right), _total_without(p)),
        follows=lambda answer, sheet: answer == _added(sheet),
    )


def _total_slips(p: Parameters) -> Iterator[Slip]:
    """Yield the totals in which one layer is counted with one slip."""
    right = total(p)
    for layer in LAYERS:
        for slip in layer_slips(layer, p):
            if not slip.id.endswith("-given"):
                value = right - trained(layer, p) + slip.formula
                hint = f"{layer}: {slip.hint[0].lower()}{slip.hint[1:]}"
                yield replace(slip, id=f"{slip.id}-in-{layer}", hint=hint, formula=value)
        for id, hint, count in _special(layer, p):
            value = _whole(right - trained(layer, p) + count)
            yield Slip(f"{id}-in-{layer}", f"{layer}: {hint[0].lower()}{hint[1:]}", value)
        if trained(layer, p):
            yield Slip(f"{layer}-left-out", f"{layer} is left out.", _whole(right - trained(layer, p)))
            yield Slip(
                f"{layer}-counted-twice", f"{layer} is counted twice.", _whole(right + trained(layer, p))
            )
            yield Slip(f"only-{layer}", f"This counts {layer} alone.", _whole(trained(layer, p)))
    yield from nearly(_whole(right))


def _total_without(p: Parameters) -> list[Slip]:
    """Return the slips of the total, without those that leave biases out: they have one of their own."""
    some = _some_totals(p) if p.has_bias else frozenset()
    return [slip for slip in of_numbers(_total_slips(p)) if int(slip.formula) not in some]


def _some_totals(p: Parameters) -> frozenset[int]:
    """Return the totals that count biases for a proper part of the layers."""
    layers = [layer for layer in MAPS if trained(layer, p) > weights(layer, p)]
    bare = total(replace(p, has_bias=False))
    parts = (part for size in range(1, len(layers)) for part in itertools.combinations(layers, size))
    return frozenset(bare + sum(MAPS[layer] for layer in part) for part in parts)


def _some_biases(p: Parameters) -> Misconception:
    """Return the misconception that counts biases for some layers only."""
    totals = _some_totals(p)
    return Misconception(
        "bias-for-some-layers-only",
        "Biases are counted for some layers and left out for others.",
        lambda answer, _sheet: answer in totals,
        str(total(p) - MAPS["C1"] - MAPS["C3"]),
    )


def _added(sheet: Any) -> Any:
    return sum(sheet[layer] for layer in LAYERS) if all(layer in sheet for layer in LAYERS) else None


def _sum_of(answer: Any, sheet: Any) -> str:
    added = _added(sheet)
    if added is not None and added != answer:
        return f"Your layers add up to {added}, not to {answer}."
    return "At least one layer is counted wrong."


def _whole(value: int) -> Any:
    return sympy.Integer(value)
