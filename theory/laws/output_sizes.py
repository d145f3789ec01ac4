"""H' = (H + 2 padding - K) // stride + 1, W' likewise; one channel per filter."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from theory.law import Law, Laws, Misconception, distinct, mistaken
from theory.laws import output_side
from theory.laws.side_formula import side_law
from theory.questions.output_sizes import Parameters
from theory.slips import Slip

ROUND_DOWN = "A kernel that would reach over the border is not evaluated: round down."


def side(length: int, parameters: Parameters) -> int:
    """Count the places of the kernel along one side."""
    starts = range(0, length + 2 * parameters.padding - parameters.kernel + 1, parameters.stride)
    return len(starts)


def laws(parameters: Parameters) -> Laws:
    """Return one law per image."""
    images = enumerate(parameters.images, start=1)
    return {**{f"image_{number}": _law(image, parameters) for number, image in images}, "side": side_law()}


def _law(image: tuple[int, int, int], parameters: Parameters) -> Law:
    right = (parameters.filters, *(side(length, parameters) for length in image[1:]))
    up = _rounded_up(image, parameters)
    slips = [slip for slip in _slips(image, parameters) if not _is_mixed(slip.formula, right, up)]
    return Law(
        statement="This is the number of positions of the kernel down and across, for each filter.",
        holds=lambda answer, _sheet: bool(answer == right),
        locate=lambda answer, _sheet: _axis(answer, right),
        misconceptions=distinct(_mistakes(image, right, parameters), right, slips),
    )


def _slips(image: tuple[int, int, int], p: Parameters) -> Iterator[Slip]:
    given = {output_side.k: p.kernel, output_side.p: p.padding, output_side.s: p.stride}
    given |= {output_side.both: 2, output_side.first: 1}
    wrong = {
        "input-channels": image[0],
        "input-channels-times-filters": image[0] * p.filters,
        "a-single-channel": 1,
        "kernel": p.kernel,
    }
    yield from output_side.size_slips(p.filters, wrong, image[1:], given)
    halved = tuple(length // p.stride for length in image[1:])
    yield Slip(
        "divided-by-the-stride",
        "The kernel takes up space, too: it does not fit at the end.",
        (p.filters, *halved),
    )


def _mistakes(image: tuple[int, int, int], right: Any, p: Parameters) -> list[Misconception]:
    reach = [length + 2 * p.padding - p.kernel for length in image[1:]]
    up = _rounded_up(image, p)
    once = [(length + p.padding - p.kernel) // p.stride + 1 for length in image[1:]]
    bare = [(length - p.kernel) // p.stride + 1 for length in image[1:]]
    return [
        mistaken("rounded-up", ROUND_DOWN, up),
        Misconception("rounded-both-ways", f"One side is rounded up and the other down. {ROUND_DOWN}",
                      lambda answer, _sheet: _is_mixed(answer, right, up), _text(_mixed(right, up))),
        mistaken("first-place-not-counted", "The kernel's first position counts, too: + 1.",
                 (p.filters, *(size - 1 for size in right[1:]))),
        mistaken("input-channels-kept", "Each filter makes one channel.", (image[0], *right[1:])),
        mistaken("padding-on-one-side", "Zeros are added on both sides of each axis.", (p.filters, *once)),
        mistaken("padding-ignored", "The zeros around the image count too.", (p.filters, *bare)),
        mistaken("stride-ignored", "The kernel moves by the stride.",
                 (p.filters, *(length + 1 for length in reach))),
        mistaken("height-and-width-swapped", "Height comes before width.", (right[0], right[2], right[1])),
        mistaken("kernel-ignored", "The kernel does not fit at every pixel.",
                 (p.filters, *((length + 2 * p.padding) // p.stride + 1 for length in image[1:]))),
        mistaken("channels-last", "Write the channels first.", (*right[1:], right[0])),
    ]  # fmt: skip


def _rounded_up(image: tuple[int, int, int], p: Parameters) -> tuple[int, ...]:
    reach = [length + 2 * p.padding - p.kernel for length in image[1:]]
    return (p.filters, *(ceil(length / p.stride) + 1 for length in reach))


def _mixed(right: Any, up: Any) -> Any:
    return (right[0], right[1], up[2]) if right[2] != up[2] else (right[0], up[1], right[2])


def _text(sizes: Any) -> str:
    return " x ".join(map(str, sizes))


def _is_mixed(answer: Any, right: Any, up: Any) -> bool:
    if answer in (right, up) or len(answer) != 3 or answer[0] != right[0]:
        return False
    return all(size in (low, high) for size, low, high in zip(answer, right, up, strict=True))


def _axis(answer: Any, right: Any) -> str:
    if len(answer) != 3:
        return f"Expected channels x height x width, got {len(answer)} numbers."
    names = ("number of channels", "height", "width")
    first = next(name for name, got, size in zip(names, answer, right, strict=True) if got != size)
    return f"The {first} is the first number that is wrong."
