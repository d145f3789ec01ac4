"""What goes wrong in multi_resolution."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_groups = partial(Mutant, component="multi_resolution", file="images.py")
_PARTS = "parts = torch.randperm(len(images), generator=generator).tensor_split(len(sizes))"
_PAIR = "(pad_to(images[chosen], size), labels[chosen])"

MUTANTS = (
    _groups(
        "multi_resolution-keeps-the-order-of-labels",
        replace=_PAIR,
        by=_PAIR.replace("labels[chosen]", "labels[chosen.sort().values]"),
        hint="The labels of a group are in another order than its images: choose both with the same indices.",
    ),
    _groups(
        "multi_resolution-in-blocks",
        replace=_PARTS,
        by="parts = torch.arange(len(images)).tensor_split(len(sizes))",
        hint="The first images get the first size, and so on. If the images are sorted by class, so are the "
        "sizes: divide at random.",
    ),
    _groups(
        "multi_resolution-takes-turns",
        replace=_PARTS,
        by="parts = [torch.arange(start, len(images), len(sizes)) for start in range(len(sizes))]",
        hint="The sizes take turns. Divide at random.",
    ),
    _groups(
        "multi_resolution-shuffles-within-blocks",
        replace=_PARTS,
        by="parts = torch.arange(len(images)).tensor_split(len(sizes))\n"
        "    parts = [one[torch.randperm(len(one), generator=generator)] for one in parts]",
        hint="Images are shuffled within blocks of the given order: the first images still get the first "
        "size. Shuffle all of them, then divide.",
    ),
    _groups(
        "multi_resolution-draws-a-size-per-image",
        replace=_PARTS,
        by="drawn = torch.randint(len(sizes), (len(images),), generator=generator)\n"
        "    parts = [torch.nonzero(drawn == number)[:, 0] for number in range(len(sizes))]",
        hint="Each image draws a size, so groups differ in length by chance. Shuffle, then divide evenly.",
    ),
    _groups(
        "multi_resolution-loses-the-leftover",
        replace=_PARTS,
        by="parts = torch.randperm(len(images), generator=generator)"
        ".split(len(images) // len(sizes))[: len(sizes)]",
        hint="Images that are left over after dividing are lost. They belong into some groups, one each.",
    ),
    _groups(
        "multi_resolution-puts-the-leftover-last",
        replace=_PARTS,
        by="parts = list(torch.randperm(len(images), generator=generator).split(len(images) // len(sizes)))\n"
        "    parts[len(sizes) - 1 :] = [torch.cat(parts[len(sizes) - 1 :])]",
        hint="All images that are left over get the last size, so that its group may be larger by more than "
        "one image.",
    ),
    _groups(
        "multi_resolution-gives-all-sizes-to-all",
        replace=_PARTS,
        by="parts = [torch.randperm(len(images), generator=generator) for _ in sizes]",
        hint="Every image is in every group. Each belongs into one.",
    ),
    _groups(
        "multi_resolution-draws-with-repetition",
        replace=_PARTS,
        by="parts = torch.randint(len(images), (len(images),), generator=generator).tensor_split(len(sizes))",
        hint="Some images are drawn several times, and others never. Shuffle the indices.",
    ),
    _groups(
        "multi_resolution-uses-global-random-numbers",
        replace=_PARTS,
        by="parts = torch.randperm(len(images)).tensor_split(len(sizes))",
        hint="The division is drawn with torch's global generator. Use the one that is given, so that a seed "
        "repeats it.",
    ),
    _groups(
        "multi_resolution-seeds-again",
        replace=_PARTS,
        by="parts = torch.randperm(len(images), generator=generator.manual_seed(0)).tensor_split(len(sizes))",
        hint="The generator is seeded again inside of the function, so every call gives the same division.",
    ),
    _groups(
        "multi_resolution-scales-the-images",
        replace=_PAIR,
        by="(F.interpolate(images[chosen].float(), size=(size, size)).to(images.dtype), labels[chosen])",
        hint="The images are scaled to their size. They should be padded.",
    ),
    _groups(
        "multi_resolution-always-three-sizes",
        replace=_PARTS,
        by="sizes = (32, 48, 64)\n    " + _PARTS,
        hint="The sizes are always 32, 48 and 64: the argument has no effect.",
    ),
    _groups(
        "multi_resolution-sorts-the-sizes",
        replace=_PARTS,
        by="sizes = sorted(sizes)\n    " + _PARTS,
        hint="The groups come in the order of growing sizes, not in the order that was asked for.",
    ),
    _groups(
        "multi_resolution-makes-floats",
        replace=_PAIR,
        by="(pad_to(images[chosen].float(), size), labels[chosen])",
        hint="Bytes become floats. The type should stay.",
    ),
    _groups(
        "multi_resolution-pads-all-to-the-largest",
        replace=_PAIR,
        by=_PAIR.replace("size)", "max(sizes))", 1),
        hint="All groups have the largest size. Each has its own.",
    ),
)
