"""Put L_k = I_k - U_(k+1) I_(k+1) into the answer: I_0 must come out, whatever the images and operators."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theory.algebra.operators import Operators
from theory.law import Law, Laws, Misconception, Sheet, distinct, mistaken, written
from theory.laws.operator_law import SIDE, equal, first_term, mistake
from theory.questions.laplacian_pyramid import Parameters, image_names, operator, vocabulary

EVERY_EXPANSION = "L_k is expanded k times before it has the size of I_0."
ORDER = "The last operator to act stands first: U_1 on the left."


def laws(parameters: Parameters) -> Laws:
    """Return the laws of both blanks."""
    return {"kept": _kept(parameters), "image": _image(parameters)}


def _kept(parameters: Parameters) -> Law:
    names, top = image_names(parameters), parameters.levels
    bands = frozenset(names["L", (k,)] for k in range(top))
    images = [names["I", (k,)] for k in range(top + 1)]
    right = bands | {images[-1]}
    known = [
        mistaken("only-the-top-kept", "The smallest image alone has lost the details.",
                 frozenset([images[-1]])),
        mistaken("top-not-kept", "Bands are differences: what are they added to?", bands),
        mistaken("images-kept-for-bands", "These are the images; a pyramid keeps the bands instead.",
                 frozenset(images)),
        mistaken("everything-kept", "Some of them can be rebuilt from others.", bands | set(images)),
    ]  # fmt: skip
    return Law(
        statement="The bands and the smallest image are enough, and none of them can be spared.",
        holds=lambda answer, _sheet: answer == right,
        locate=lambda answer, _sheet: _first_image(answer, right),
        misconceptions=distinct(known, right),
        credit=lambda answer, _sheet: Fraction(0),
    )


def _first_image(answer: frozenset[Any], right: frozenset[Any]) -> str:
    spare = sorted(map(str, answer - right))
    if spare:
        return f"{spare[0]} can be rebuilt from others."
    return f"{len(right - answer)} more pictures must be kept."


def expanded(parameters: Parameters, count: int) -> list[Any]:
    """Return the operators that bring level `count` to the size of I_0, from left to right."""
    names = vocabulary(parameters)
    return [names[operator(parameters, level)] for level in range(1, count + 1)]


def _image(parameters: Parameters) -> Law:
    names, top = vocabulary(parameters), parameters.levels
    bands = [names["L", (k,)] for k in range(top)]
    images = [names["I", (k,)] for k in range(top + 1)]
    space = _space(parameters, bands, images)
    square = Operators(dict.fromkeys(space.shapes, (SIDE, SIDE)))
    right = _sum(parameters, [*bands, images[-1]])

    def holds(answer: Any, _sheet: Sheet) -> bool:
        return not answer.free_symbols & set(images[:-1]) and equal(space, answer, images[0])

    return Law(
        statement="Adding each expanded band to the expanded smallest image gives I_0 back.",
        holds=holds,
        locate=lambda answer, _sheet: first_term(square, answer, right),
        misconceptions=tuple(_mistakes(parameters, bands, images, square, right)),
    )


def _sum(parameters: Parameters, levels: list[Any]) -> Any:
    return sympy.Add(*[sympy.Mul(*expanded(parameters, k), level) for k, level in enumerate(levels)])


def _mistakes(
    parameters: Parameters, bands: list[Any], images: list[Any], square: Operators, right: Any
) -> list[Misconception]:
    top, levels = parameters.levels, [*bands, images[-1]]
    once = [sympy.Mul(*expanded(parameters, k)[-1:], level) for k, level in enumerate(levels)]
    fewer = [sympy.Mul(*expanded(parameters, max(0, k - 1)), level) for k, level in enumerate(levels)]
    mixed = _sum(parameters, [*bands[:-1], images[top - 1], images[-1]])
    found = [
        mistake(square, "top-image-missing", "The smallest image is not there.", _sum(parameters, bands)),
        mistake(square, "each-expanded-once", EVERY_EXPANSION, sympy.Add(*once)),
        mistake(square, "one-expansion-too-few", EVERY_EXPANSION, sympy.Add(*fewer)),
        mistake(square, "bands-taken-off", "L_k = I_k - U I_k+1 gives I_k = L_k + U I_k+1.",
                2 * bands[0] - right),
        mistake(square, "not-expanded", "Pictures of different sizes cannot be added.", sympy.Add(*levels)),
        Misconception("image-for-band", "An image I_k stands where a band L_k belongs.",
                      lambda answer, _sheet: bool(answer.free_symbols & set(images[:-1])), written(mixed)),
    ]  # fmt: skip
    if not parameters.has_one_operator:
        turned = [sympy.Mul(*reversed(expanded(parameters, k)), level) for k, level in enumerate(levels)]
        found.append(mistake(square, "operators-in-the-wrong-order", ORDER, sympy.Add(*turned)))
    return found


def _space(parameters: Parameters, bands: list[Any], images: list[Any]) -> Operators:
    one = parameters.has_one_operator
    sizes = [SIDE] * len(images) if one else [2 * len(images) + 1 - 2 * k for k in range(len(images))]
    factors = expanded(parameters, parameters.levels)
    shapes = {factor: (sizes[k], sizes[k + 1]) for k, factor in enumerate(factors)}
    shapes |= {image: (sizes[k], 1) for k, image in enumerate(images)}
    definitions = {band: images[k] - factors[k] * images[k + 1] for k, band in enumerate(bands)}
    return Operators(shapes | {band: (sizes[k], 1) for k, band in enumerate(bands)}, definitions=definitions)
