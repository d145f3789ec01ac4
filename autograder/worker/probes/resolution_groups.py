"""How the probes of the lab on resolutions read groups and batches of images with their own grey levels."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch

from autograder.worker.probes import ProbeInput, Yields
from autograder.worker.probes.resolution_draws import Calls
from autograder.worker.probes.torch_tools import tensor

LEVELS = 256  # so many images can be told apart


def divided(function: Any, case: ProbeInput) -> Yields:
    """Divide images into groups; see `resolution.groups`."""
    settings = case.settings
    shape = (settings["channels"], settings["height"], settings["width"])
    images, labels = _marked(settings["images"], shape), tensor(case.arrays["labels"])
    images = images if settings.get("bytes") else images.float() / LEVELS
    given, known = images.clone(), labels.clone()
    chosen = {"sizes": tuple(settings["sizes"])} if "sizes" in settings else {}
    calls = Calls(
        lambda generator: [tuple(pair) for pair in function(given, known, **chosen, generator=generator)],
        settings["seed"],
    )
    groups = calls.first
    yield "lengths", np.array([len(theirs) for _, theirs in groups])
    yield "sides", np.array([some.shape[2:] for some, _ in groups])
    found = [_read(some) for some, _ in groups]
    yield "whole", _whole(torch.cat(found), len(images))
    yield "labels", _labelled(found, [theirs for _, theirs in groups], labels)
    pairs = zip(groups, found, strict=True)
    yield "middle", int(all(_is_middle(some, images[which.clamp(0, len(images) - 1)])
                            for (some, _), which in pairs))  # fmt: skip
    yield "mixed", _mixture(found)
    yield from calls.facts([(given, images), (known, labels)])


def batched(function: Any, case: ProbeInput) -> Yields:
    """Make batches; see `resolution.batches`."""
    settings = case.settings
    counts, sizes = settings["counts"], settings["sizes"]
    labels = tensor(case.arrays["labels"])
    images = _marked(sum(counts), (1, 1, 1)).float() / LEVELS
    groups = [
        (some.expand(-1, -1, size, size).contiguous(), theirs.clone())
        for some, theirs, size in zip(images.split(counts), labels.split(counts), sizes, strict=True)
    ]
    calls = Calls(
        lambda generator: [
            tuple(pair) for pair in function(groups, settings["batch_size"], generator=generator)
        ],
        settings["seed"],
    )
    batches = calls.first
    sides = [int(some.shape[-1]) for some, _ in batches]
    lengths = [len(theirs) for _, theirs in batches]
    yield "lengths", np.array([length for _, length in sorted(zip(sides, lengths, strict=True))])
    found = [_read(some) for some, _ in batches]
    yield "of_one", int(all(len(some) == length for some, length in zip(found, lengths, strict=True)))
    whole = torch.cat(found)
    yield "whole", _whole(whole, len(images))
    yield "labels", _labelled(found, [theirs for _, theirs in batches], labels)
    starts = np.cumsum([0, *counts])[:-1].tolist()
    orders = [
        sorted((some - start).tolist() for some in found if start <= some[0] < start + length)
        for start, length in zip(starts, counts, strict=True)
    ]  # per group, the images of its batches
    yield "order", 1 + int(any(map(_is_in_order, orders)))
    yield "own", int(not any(one == two for one, two in pairwise(orders)))
    yield "mixed", _sequence(calls, sides, sizes)
    yield from calls.facts(
        [(some, _marked_again(some, start)) for (some, _), start in zip(groups, starts, strict=True)]
    )


def _marked(count: int, shape: tuple[int, ...]) -> Any:
    """Return images uint8 (count, *shape): image i is i everywhere, but 0 is black, so it counts from 1."""
    return torch.arange(1, count + 1, dtype=torch.uint8).reshape(-1, 1, 1, 1).expand(-1, *shape).contiguous()


def _marked_again(images: Any, start: int) -> Any:
    levels = torch.arange(start + 1, start + 1 + len(images)).float() / LEVELS
    return levels.reshape(-1, 1, 1, 1).expand_as(images)


def _read(images: Any) -> Any:
    """Return the numbers of images from their grey levels: (n,)."""
    brightest = images.flatten(start_dim=1).amax(dim=1)
    return (brightest.long() if images.dtype == torch.uint8 else (LEVELS * brightest).round().long()) - 1


def _whole(found: Any, count: int) -> int:
    times = torch.bincount(found.clamp(0, count - 1), minlength=count)
    if (times == 1).all():
        return 1
    return 2 if (times == 0).any() else 3


def _labelled(found: list[Any], theirs: list[Any], labels: Any) -> int:
    last = len(labels) - 1
    if all(torch.equal(labels[which.clamp(0, last)], one) for which, one in zip(found, theirs, strict=True)):
        return 1
    return 2 if torch.equal(torch.cat(theirs).sort().values, labels.sort().values) else 0


def _is_middle(padded: Any, images: Any) -> bool:
    """Tell whether `padded` shows `images` in the middle of black squares."""
    size, (height, width) = padded.shape[2], images.shape[2:]
    expected = images.new_zeros(len(images), images.shape[1], size, size)
    top, left = (size - height) // 2, (size - width) // 2
    expected[:, :, top : top + height, left : left + width] = images
    return padded.dtype == expected.dtype and torch.equal(padded, expected)


def _mixture(found: list[Any]) -> int:
    """Say how groups were drawn; see `resolution.groups`."""
    in_order = all(torch.equal(which, which.sort().values) for which in found)
    groups = [which.sort().values for which in found]
    if all(int(one[-1] - one[0]) == len(one) - 1 for one in groups):
        return 2 + 10 * in_order
    if all((one.diff() == len(found)).all() for one in groups):
        return 3 + 10 * in_order
    return 1 + 10 * in_order


def _is_in_order(batches: list[list[int]]) -> bool:
    """Tell whether every batch has neighbours of the group, in their order."""
    return all(two == one + 1 for batch in batches for one, two in pairwise(batch))


def _sequence(calls: Calls, sides: list[int], sizes: list[int]) -> int:
    """Say in which order batches of different sizes come; see `resolution.batches`."""
    changes = sum(one != two for one, two in pairwise(sides))
    kinds = len(set(sides))
    if changes == kinds - 1:
        orders = [list(dict.fromkeys(some.shape[-1] for some, _ in batches)) for batches in calls.results]
        return 2 if all(order == sizes for order in orders) else 4
    if all(one == two for one, two in zip(sides, sides[kinds:], strict=False)):
        return 3
    return 1
