"""Parameters by layer: K² · C_in · C_out + C_out for a convolution, in · out + out for a linear one."""

from __future__ import annotations

from typing import Any

import sympy

from theory.algebra.identity import are_equal
from theory.law import Law, Laws, mistaken, of_formulas, of_numbers, shown, value_law
from theory.laws.parameter_slips import (
    BIAS,
    POOLED,
    N,
    best_slips,
    closest,
    convolutions,
    count_slips,
    fixed_slips,
    flattened_slips,
    pooled_side,
    variable_slips,
)
from theory.questions.network_parameters import Parameters
from theory.slips import Slip


def laws(parameters: Parameters) -> Laws:
    """Return the laws of all blanks."""
    p = parameters
    flat = p.channels[-1] * pooled_side(p) ** 2
    fixed = convolutions(p, p.channels) + (flat + 1) * p.classes
    variable = convolutions(p, (*p.channels[:-1], N)) + (N + 1) * p.classes
    best = closest(variable, fixed)
    return {
        "flattened": _flattened(p, flat),
        "fixed": _fixed(p, flat, fixed),
        "variable": _variable(p, variable),
        "best": _best(p, variable, fixed, best),
        "count": _count(p, variable, fixed, best),
    }


def _flattened(p: Parameters, flat: int) -> Law:
    side, last = pooled_side(p), p.channels[-1]
    return value_law("This is the number of values left after the last pooling.", sympy.Integer(flat), [
        mistaken("channels-not-counted", "Every channel is flattened.", sympy.Integer(side**2)),
        mistaken("one-pooling-missed", "A pooling follows each convolution.",
                 sympy.Integer(last * (2 * side + (p.side >> (len(p.channels) - 1)) % 2) ** 2)),
        mistaken("pooled-globally", "The first network has no global pooling.", sympy.Integer(last)),
    ], place="Follow height and width through every pooling, then count the channels.",
        slips=of_numbers(flattened_slips(p)))  # fmt: skip


def _fixed(p: Parameters, flat: int, fixed: int) -> Law:
    no_bias = convolutions(p, p.channels, bias=0)
    linear, kernels = flat * p.classes, p.kernel**2 * sum(p.channels) + sum(p.channels)
    return value_law("This is the number of trained parameters.", sympy.Integer(fixed), [
        mistaken("bias-left-out", BIAS, sympy.Integer(no_bias + linear)),
        mistaken("bias-of-filters-left-out", BIAS, sympy.Integer(no_bias + linear + p.classes)),
        mistaken("bias-of-classes-left-out", BIAS, sympy.Integer(fixed - p.classes)),
        mistaken("linear-layer-left-out", "The linear layer has parameters too.",
                 sympy.Integer(fixed - linear - p.classes)),
        mistaken("input-channels-ignored", "A filter reaches through all channels of its input.",
                 sympy.Integer(kernels + linear + p.classes)),
        mistaken("pooled-globally", "The first network has no global pooling.",
                 sympy.Integer(convolutions(p, p.channels) + (p.channels[-1] + 1) * p.classes)),
    ], place="Add up layer by layer: weights of each filter, its bias, then the linear layer.",
        slips=of_numbers(fixed_slips(p)))  # fmt: skip


def _variable(p: Parameters, variable: Any) -> Law:
    area = pooled_side(p) ** 2
    early = convolutions(p, p.channels[:-1])
    known = [
        Slip("bias-left-out", BIAS,
                 convolutions(p, (*p.channels[:-1], N), bias=0) + N * p.classes),
        Slip("bias-of-the-last-filters-left-out", BIAS, variable - N),
        Slip("bias-of-classes-left-out", BIAS, variable - p.classes),
        Slip("flattened-not-pooled", POOLED,
                 convolutions(p, (*p.channels[:-1], N)) + (N * area + 1) * p.classes),
        Slip("linear-layer-unchanged", "The linear layer depends on N too.",
                 convolutions(p, (*p.channels[:-1], N)) + (p.channels[-1] + 1) * p.classes),
        Slip("early-layers-left-out", "The earlier convolutions count too.", variable - early),
    ]  # fmt: skip
    return Law(
        statement="This counts the second network for every N.",
        holds=lambda answer, _sheet: are_equal(answer, variable),
        locate=lambda answer, _sheet: _growth(answer, variable),
        misconceptions=of_formulas(known, variable_slips(p, variable), variable),
    )


def _growth(answer: Any, variable: Any) -> str:
    grown, wanted = (formula.subs(N, 1) - formula.subs(N, 0) for formula in (answer, variable))
    if grown != wanted:
        return f"From N = 0 to N = 1 your count grows by {shown(grown)}: what does one more channel add?"
    return "The growth with N is right; what is there without any of the N channels is not."


def _best(p: Parameters, variable: Any, fixed: int, best: int) -> Law:
    slope = int(variable.coeff(N))
    level = (fixed - int(variable.subs(N, 0))) // slope
    other = level + 1 if best == level else level
    return value_law("No other N comes closer.", sympy.Integer(best), [
        mistaken("rounded-the-wrong-way", "Compare the distances on both sides.", sympy.Integer(other)),
        mistaken("early-layers-forgotten", "The earlier layers have some of the parameters.",
                 sympy.Integer(round(fixed / slope))),
        mistaken("same-channels", "The second network is smaller then.", sympy.Integer(64)),
        mistaken("one-too-many", "Compare the distances on both sides.", sympy.Integer(max(best, other) + 1)),
    ], place="Set the formula in N equal to the first count; which whole N is nearest?",
        slips=of_numbers(best_slips(p, variable, fixed)))  # fmt: skip


def _count(p: Parameters, variable: Any, fixed: int, best: int) -> Law:
    right = variable.subs(N, best)
    known = [
        mistaken("count-of-the-first", "This is the first network.", sympy.Integer(fixed)),
        mistaken("neighbour-counted", "This is the count for the N next to it.",
                 variable.subs(N, best + (1 if right < fixed else -1))),
        mistaken("difference-given", "This is how far the counts are apart.", abs(right - fixed)),
        mistaken("bias-of-classes-left-out", BIAS, right - p.classes),
    ]  # fmt: skip
    return value_law(
        "This is the formula at the best N.", right, known,
        place="Put your N into your formula.",
        slips=of_numbers(count_slips(p, variable, best, fixed)),
        follows=lambda answer, sheet: {"variable", "best"} <= set(sheet)
        and are_equal(sheet["variable"].subs(N, sheet["best"]), answer),
    )  # fmt: skip
