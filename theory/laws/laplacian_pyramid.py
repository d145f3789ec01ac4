"""Put L_k = I_k - U_(k+1) I_(k+1) into the answer: I_0 must come out, whatever the images and operators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy

from theory.algebra.operators import Operators
from theory.law import Check, Law, Laws, Misconception, Sheet, distinct, mistaken, written
from theory.laws.operator_law import SIDE, equal, first_term, named
from theory.laws.product_slips import product_slips
from theory.laws.pyramid_sights import EVERY_EXPANSION, visible_in_image, visible_in_kept
from theory.questions.laplacian_pyramid import Parameters, image_names, operator, vocabulary
from theory.slips import Slip

ORDER = "The last operator to act is written first: U_1 on the left."


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
        mistaken("everything-kept", "Some of them can be reconstructed from others.", bands | set(images)),
    ]  # fmt: skip
    return Law(
        statement="The bands and the smallest image are enough, and all of them are needed.",
        holds=lambda answer, _sheet: answer == right,
        locate=lambda answer, _sheet: _first_image(answer, right),
        misconceptions=distinct(known, right, _kept_slips(bands, images)),
        visible=visible_in_kept(names, top),
        credit=lambda answer, _sheet: Fraction(0),
    )


def _kept_slips(bands: frozenset[Any], images: list[Any]) -> Iterator[Slip]:
    """Yield the sets that miss one, have one too many, or hold one for another."""
    top, right = images[-1], bands | {images[-1]}
    for band in bands:
        yield Slip("band-missing", "Without a band its details are lost.", right - {band})
        yield Slip("band-missing-and-top", "Bands alone cannot be added up.", right - {band, top})
    for image in images[:-1]:
        yield Slip("image-too-many", "This image can be reconstructed from others.", right | {image})
        yield Slip("image-for-the-top", "The smallest image is kept, not a larger one.", bands | {image})
        yield Slip(
            "image-alone", "The question is what the pyramid keeps, not the image itself.", frozenset([image])
        )
        for band in bands:
            yield Slip(
                "image-in-place-of-a-band",
                "This image can be reconstructed from others.",
                right - {band} | {image},
            )
    yield Slip(
        "all-images-but-the-first", "A pyramid keeps the bands, not the images.", frozenset(images[1:])
    )
    yield Slip("ends-only", "The bands in between are kept, too.", frozenset([images[0], top]))


def _first_image(answer: frozenset[Any], right: frozenset[Any]) -> str:
    spare = sorted(map(str, answer - right))
    if spare:
        return f"{spare[0]} can be reconstructed from others."
    return f"{len(right - answer)} more images must be kept."


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

    def holds_besides(answer: Any, _sheet: Sheet) -> bool:
        return bool(answer.free_symbols & set(images[:-1])) and equal(space, answer, images[0])

    def holds(answer: Any, _sheet: Sheet) -> bool:
        return not answer.free_symbols & set(images[:-1]) and equal(space, answer, images[0])

    return Law(
        statement="Adding each expanded band to the expanded smallest image gives I_0 back.",
        holds=holds,
        locate=lambda answer, _sheet: first_term(square, answer, right),
        misconceptions=_named(parameters, bands, images, square, right, holds_besides),
        visible=visible_in_image(right),
    )


def _sum(parameters: Parameters, levels: list[Any]) -> Any:
    return sympy.Add(*[sympy.Mul(*expanded(parameters, k), level) for k, level in enumerate(levels)])


def _named(
    parameters: Parameters,
    bands: list[Any],
    images: list[Any],
    square: Operators,
    right: Any,
    holds_besides: Check,
) -> tuple[Misconception, ...]:
    lower = set(images[:-1])
    mixed = _sum(parameters, [*bands[:-1], images[parameters.levels - 1], images[-1]])
    for_band = Misconception(
        "image-for-band",
        "There is an image I_k where a band L_k belongs.",
        lambda answer, sheet: bool(answer.free_symbols & lower) and not holds_besides(answer, sheet),
        written(mixed),
    )
    not_kept = Misconception(
        "image-that-is-not-kept",
        "This is I_0, but it needs an image that is not kept.",
        holds_besides,
        written(_sum(parameters, [bands[0], images[1]])),
    )
    derived = (slip for slip in product_slips(right) if not slip.formula.free_symbols & lower)
    slips = named(square, _known(parameters, bands, images, right), derived, right)
    return (*slips, for_band, *([not_kept] if parameters.levels > 1 else []))


def _known(parameters: Parameters, bands: list[Any], images: list[Any], right: Any) -> list[Slip]:
    levels = [*bands, images[-1]]
    once = [sympy.Mul(*expanded(parameters, k)[-1:], level) for k, level in enumerate(levels)]
    fewer = [sympy.Mul(*expanded(parameters, max(0, k - 1)), level) for k, level in enumerate(levels)]
    more = [
        sympy.Mul(*expanded(parameters, min(parameters.levels, k + 1)), level)
        for k, level in enumerate(levels)
    ]
    found = [
        Slip("top-image-missing", "The smallest image is missing.", _sum(parameters, bands)),
        Slip("each-expanded-once", EVERY_EXPANSION, sympy.Add(*once)),
        Slip("one-expansion-too-few", EVERY_EXPANSION, sympy.Add(*fewer)),
        Slip("one-expansion-too-many", EVERY_EXPANSION, sympy.Add(*more)),
        Slip("bands-taken-off", "L_k = I_k - U I_k+1 gives I_k = L_k + U I_k+1.",
                2 * bands[0] - right),
        Slip("not-expanded", "Images of different sizes cannot be added.", sympy.Add(*levels)),
    ]  # fmt: skip
    if not parameters.has_one_operator:
        turned = [sympy.Mul(*reversed(expanded(parameters, k)), level) for k, level in enumerate(levels)]
        found.append(Slip("operators-in-the-wrong-order", ORDER, sympy.Add(*turned)))
    return found


def _space(parameters: Parameters, bands: list[Any], images: list[Any]) -> Operators:
    one = parameters.has_one_operator
    sizes = [SIDE] * len(images) if one else [2 * len(images) + 1 - 2 * k for k in range(len(images))]
    factors = expanded(parameters, parameters.levels)
    shapes = {factor: (sizes[k], sizes[k + 1]) for k, factor in enumerate(factors)}
    shapes |= {image: (sizes[k], 1) for k, image in enumerate(images)}
    definitions = {band: images[k] - factors[k] * images[k + 1] for k, band in enumerate(bands)}
    return Operators(shapes | {band: (sizes[k], 1) for k, band in enumerate(bands)}, definitions=definitions)
