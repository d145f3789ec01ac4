"""What goes wrong in corrupt and its noises."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_corrupt = partial(Mutant, component="corrupt", file="corruptions.py")
_STRENGTH = "strength = SEVERITIES[name][severity - 1]\n"
_SIZES = "    height, width = images.shape[2:]\n"
_BLUR = "corrupted = blur(images, strength)"
_MEAN = "mean = images.mean(dim=(2, 3), keepdim=True)"
_CONTRAST = "corrupted = mean + strength * (images - mean)"
_BRIGHT = "corrupted = images + strength\n"
_SMALL = 'size=(round(strength * height), round(strength * width)), mode="area")'
_LARGE = 'corrupted = F.interpolate(small, size=(height, width), mode="nearest")'
_RETURN = "    return corrupted.clamp(0, 1)\n"
_NORMAL = "noise = torch.randn(images.shape, generator=generator).to(images.device)\n"
_ADD = "return images + strength * noise\n"
_CHANCE = "chance = torch.rand(images.shape, generator=generator).to(images.device)\n"
_BLACK = "torch.where(chance < strength / 2, 0.0, images)"
_WHITE = "torch.where(chance > 1 - strength / 2, 1.0, noisy)"

MUTANTS = (
    _corrupt(
        "corrupt-severity-off-by-one",
        replace=_STRENGTH,
        by="strength = SEVERITIES[name][severity]\n",
        hint="Severity 1 takes the second strength of the table, and severity 5 none at all: the table's "
        "first entry has the index 0.",
    ),
    _corrupt(
        "corrupt-severity-from-the-end",
        replace=_STRENGTH,
        by="strength = SEVERITIES[name][-severity]\n",
        hint="The severities are reversed: 1 should be the mildest.",
    ),
    _corrupt(
        "corrupt-severity-one-too-mild",
        replace=_STRENGTH,
        by="strength = SEVERITIES[name][max(severity - 2, 0)]\n",
        hint="Every severity takes the strength of the one below it.",
    ),
    _corrupt(
        "corrupt-ignores-the-severity",
        replace=_STRENGTH,
        by="strength = SEVERITIES[name][2]\n",
        hint="The severity has no effect.",
    ),
    _corrupt(
        "corrupt-contrast-around-grey",
        replace=_MEAN,
        by="mean = 0.5",
        hint="Contrast shrinks distances from 0.5. Take the mean of the channel of this image.",
    ),
    _corrupt(
        "corrupt-contrast-one-mean-for-the-batch",
        replace=_MEAN,
        by="mean = images.mean()",
        hint="Contrast takes one mean for the whole batch, so an image depends on its neighbours.",
    ),
    _corrupt(
        "corrupt-contrast-one-mean-for-all-images",
        replace=_MEAN,
        by="mean = images.mean(dim=(0, 2, 3), keepdim=True)",
        hint="Contrast takes the mean over all images of the batch. Each image has its own.",
    ),
    _corrupt(
        "corrupt-contrast-one-mean-for-the-channels",
        replace=_MEAN,
        by="mean = images.mean(dim=(1, 2, 3), keepdim=True)",
        hint="Contrast takes one mean for all channels, which also makes colours paler. Each channel has its "
        "own.",
    ),
    _corrupt(
        "corrupt-contrast-darkens",
        replace=_CONTRAST,
        by="corrupted = strength * images",
        hint="Contrast makes the image darker. The mean should stay: shrink the distance from it.",
    ),
    _corrupt(
        "corrupt-contrast-swaps-the-weights",
        replace=_CONTRAST,
        by="corrupted = images + strength * (mean - images)",
        hint="Contrast removes `strength` of the distance from the mean. It should keep `strength` of it.",
    ),
    _corrupt(
        "corrupt-brightness-multiplies",
        replace=_BRIGHT,
        by="corrupted = images * (1 + strength)\n",
        hint="Brightness multiplies, so that dark pixels hardly change. Add the strength.",
    ),
    _corrupt(
        "corrupt-brightness-darkens",
        replace=_BRIGHT,
        by="corrupted = images - strength\n",
        hint="Brightness makes the images darker. Add the strength.",
    ),
    _corrupt(
        "corrupt-blurs-channels-together",
        replace=_BLUR,
        by="corrupted = blur(images, strength).mean(dim=1, keepdim=True).expand_as(images).clone()",
        hint="The blurred image is grey: every channel keeps its own values.",
    ),
    _corrupt(
        "corrupt-blurs-twice",
        replace=_BLUR,
        by="corrupted = blur(blur(images, strength), strength)",
        hint="The blur is applied twice, which is as much as a blur of 1.4 times the sigma.",
    ),
    _corrupt(
        "corrupt-pixelates-by-picking",
        replace=_SMALL,
        by=_SMALL.replace('"area"', '"nearest"'),
        hint="To shrink, single pixels are picked. Average the pixels of each block: mode area.",
    ),
    _corrupt(
        "corrupt-pixelates-smoothly",
        replace=_LARGE,
        by=_LARGE.replace('"nearest"', '"bilinear"'),
        hint="To enlarge, pixels are interpolated, which is a blur. Repeat them: mode nearest.",
    ),
    _corrupt(
        "corrupt-pixelates-rounding-down",
        replace=_SMALL,
        by=_SMALL.replace("round(", "int("),
        hint="The sides of the small image are rounded down. Round to the nearest number.",
    ),
    _corrupt(
        "corrupt-pixelates-to-a-square",
        replace=_SMALL,
        by=_SMALL.replace("strength * width", "strength * height"),
        hint="The small image is always a square. Its width comes from the width.",
    ),
    _corrupt(
        "corrupt-stays-small",
        replace=_LARGE,
        by="corrupted = small",
        hint="The pixelated image is smaller than the original. Enlarge it again.",
    ),
    _corrupt(
        "corrupt-leaves-the-box",
        replace=_RETURN,
        by="    return corrupted\n",
        hint="Some pixels are below 0 or above 1. Cut the result to [0, 1].",
    ),
    _corrupt(
        "corrupt-in-place",
        replace=_RETURN,
        by="    return images.copy_(corrupted).clamp_(0, 1)\n",
        hint="The images that come in are overwritten: the next corruption would start from corrupted ones.",
    ),
    _corrupt(
        "corrupt-brightness-in-place",
        replace=_BRIGHT,
        by="corrupted = images.add_(strength)\n",
        hint="Brightness is added to the images that come in. Make a new tensor.",
    ),
    _corrupt(
        "corrupt-draws-once-for-the-batch",
        replace=_NORMAL,
        by="noise = torch.randn(images.shape[1:], generator=generator).to(images.device)\n",
        also=(
            (
                _CHANCE,
                "chance = torch.rand(images.shape[1:], generator=generator).to(images.device)"
                ".expand_as(images)\n",
            ),
        ),
        hint="All images of the batch get the same noise. Draw it for every image.",
    ),
    _corrupt(
        "corrupt-draws-once-for-the-channels",
        replace=_NORMAL,
        by="noise = torch.randn(images[:, :1].shape, generator=generator).to(images.device)\n",
        also=(
            (
                _CHANCE,
                "chance = torch.rand(images[:, :1].shape, generator=generator).to(images.device)"
                ".expand_as(images)\n",
            ),
        ),
        hint="The three channels of a pixel get the same noise. Draw it for every channel.",
    ),
    _corrupt(
        "corrupt-draws-uniform-noise",
        replace=_NORMAL,
        by="noise = (2 * torch.rand(images.shape, generator=generator) - 1).to(images.device)\n",
        hint="The noise is uniform. Gaussian noise is normally distributed: torch.randn.",
    ),
    _corrupt(
        "corrupt-draws-positive-noise",
        replace=_ADD,
        by="return images + strength * noise.abs()\n",
        hint="The noise only makes pixels brighter. It should go both ways.",
    ),
    _corrupt(
        "corrupt-takes-the-strength-for-the-variance",
        replace=_ADD,
        by="return images + strength**0.5 * noise\n",
        hint="The strength is used as the variance. It is the standard deviation.",
    ),
    _corrupt(
        "corrupt-multiplies-the-noise",
        replace=_ADD,
        by="return images * (1 + strength * noise)\n",
        hint="The noise is multiplied with the image, so dark pixels get less of it. Add it.",
    ),
    _corrupt(
        "corrupt-ignores-the-generator",
        replace=_NORMAL,
        by="noise = torch.randn_like(images)\n",
        also=((_CHANCE, "chance = torch.rand_like(images)\n"),),
        hint="The noise is drawn from torch's global generator. Use the one that is given.",
    ),
    _corrupt(
        "corrupt-seeds-again",
        replace=_SIZES,
        by=_SIZES + "    generator.manual_seed(severity)\n",
        hint="The generator is seeded again at every call, so every batch gets the same noise.",
    ),
    _corrupt(
        "corrupt-impulses-too-many",
        replace=_BLACK,
        by=_BLACK.replace("strength / 2", "strength"),
        also=((_WHITE, _WHITE.replace("strength / 2", "strength")),),
        hint="Twice as many values change as should: `strength` is the share of both kinds together.",
    ),
    _corrupt(
        "corrupt-impulses-are-white",
        replace=_BLACK,
        by=_BLACK.replace("0.0", "1.0"),
        hint="All impulses are 1. Half of them should be 0.",
    ),
    _corrupt(
        "corrupt-impulses-are-black",
        replace=_WHITE,
        by=_WHITE.replace("1.0", "0.0"),
        hint="All impulses are 0. Half of them should be 1.",
    ),
    _corrupt(
        "corrupt-impulses-of-one-kind-only",
        replace=_WHITE,
        by="noisy",
        hint="There are only black impulses, half as many as there should be. The other half is 1.",
    ),
    _corrupt(
        "corrupt-impulses-are-drawn",
        replace=_WHITE,
        by=_WHITE.replace("1.0", "torch.rand(images.shape, generator=generator)"),
        hint="The white impulses have random values. They should be 1.",
    ),
)
