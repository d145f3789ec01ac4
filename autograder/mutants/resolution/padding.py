"""What goes wrong in pad_to and resize."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_pad = partial(Mutant, component="pad_to", file="images.py")
_resize = partial(
    Mutant,
    component="resize",
    file="images.py",
    replace='return F.interpolate(images, size=(size, size), mode="bilinear", antialias=True)',
)
_PLACE = "top, left = (size - height) // 2, (size - width) // 2"
_RETURN = "return F.pad(images, (left, size - width - left, top, size - height - top))"

MUTANTS = (
    _pad(
        "pad_to-pads-below-and-right-only",
        replace=_PLACE,
        by="top, left = 0, 0",
        hint="The image is in the upper left corner. Half of the padding belongs above and to the left.",
    ),
    _pad(
        "pad_to-pads-above-and-left-only",
        replace=_PLACE,
        by="top, left = size - height, size - width",
        hint="The image is in the lower right corner. Half of the padding belongs below and to the right.",
    ),
    _pad(
        "pad_to-swaps-height-and-width",
        replace=_PLACE,
        by="left, top = (size - height) // 2, (size - width) // 2",
        hint="The rows above are computed from the width, and the columns to the left from the height. "
        "Square images hide the bug.",
    ),
    _pad(
        "pad_to-names-the-rows-first",
        replace=_RETURN,
        by="return F.pad(images, (top, size - height - top, left, size - width - left))",
        hint="The numbers for F.pad are in the order of the axes, rows first. It names the last axis first: "
        "left, right, top, bottom. Square images hide the bug.",
    ),
    _pad(
        "pad_to-puts-more-above",
        replace=_PLACE,
        by="top, left = -(-(size - height) // 2), -(-(size - width) // 2)",
        hint="Where the padding does not divide, the larger part is above and to the left. It belongs below "
        "and to the right.",
    ),
    _pad(
        "pad_to-loses-the-leftover-row",
        replace=_RETURN,
        by="return F.pad(images, (left, left, top, top))",
        hint="Where the padding does not divide, a row and a column are missing: the result must have `size` "
        "pixels a side.",
    ),
    _pad(
        "pad_to-pads-by-the-height-alone",
        replace=_PLACE,
        by="top = left = (size - height) // 2",
        hint="The columns to the left are computed from the height. Square images hide the bug.",
    ),
    _pad(
        "pad_to-repeats-the-border",
        replace=_RETURN,
        by='return F.pad(images.float(), (left, size - width - left, top, size - height - top), "replicate")'
        ".to(images.dtype)",
        hint="The padding repeats the border of the image. It should be black.",
    ),
    _pad(
        "pad_to-reflects-the-image",
        replace=_RETURN,
        by='return F.pad(images.float(), (left, size - width - left, top, size - height - top), "reflect")'
        ".to(images.dtype)",
        hint="The padding mirrors the image. It should be black.",
    ),
    _pad(
        "pad_to-pads-with-white",
        replace=_RETURN,
        by=_RETURN.replace("top))", "top), value=1)"),
        hint="The padding is white. Black is 0.",
    ),
    _pad(
        "pad_to-pads-with-the-mean",
        replace=_RETURN,
        by=_RETURN.replace("top))", "top), value=images.float().mean().item())"),
        hint="The padding is grey, the mean of the images. It should be black.",
    ),
    _pad(
        "pad_to-scales-the-image",
        replace=_RETURN,
        by="return F.interpolate(images.float(), size=(size, size), mode='bilinear').to(images.dtype)",
        hint="The images are scaled up. They should keep their pixels, with black around them.",
    ),
    _pad(
        "pad_to-makes-floats",
        replace=_RETURN,
        by=_RETURN.replace("F.pad(images,", "F.pad(images.float(),"),
        hint="Bytes become floats. Padding should not change the type.",
    ),
    _resize(
        "resize-without-antialiasing",
        by='return F.interpolate(images, size=(size, size), mode="bilinear")',
        hint="Images shrink without antialiasing: pixels between those that are looked at are lost, and thin "
        "strokes with them.",
    ),
    _resize(
        "resize-takes-the-nearest-pixel",
        by="return F.interpolate(images, size=(size, size))",
        hint="Every pixel is that of the nearest place, which is the default mode. Interpolate bilinearly.",
    ),
    _resize(
        "resize-bicubic",
        by='return F.interpolate(images, size=(size, size), mode="bicubic", antialias=True)',
        hint="The interpolation is bicubic, whose results may leave [0, 1]. It should be bilinear.",
    ),
    _resize(
        "resize-bicubic-without-antialiasing",
        by='return F.interpolate(images, size=(size, size), mode="bicubic")',
        hint="The interpolation is bicubic and without antialiasing. It should be bilinear, with it.",
    ),
    _resize(
        "resize-aligns-the-corners",
        by='return F.interpolate(images, size=(size, size), mode="bilinear", antialias=True, '
        "align_corners=True)",
        hint="The centres of the outermost pixels stay in place (align_corners=True). The borders of the "
        "image should.",
    ),
    _resize(
        "resize-aligns-the-corners-without-antialiasing",
        by='return F.interpolate(images, size=(size, size), mode="bilinear", align_corners=True)',
        hint="There is no antialiasing, and the centres of the outermost pixels stay in place "
        "(align_corners=True).",
    ),
    _resize(
        "resize-averages-areas",
        by='return F.interpolate(images, size=(size, size), mode="area")',
        hint="Blocks of pixels are averaged (mode area). Interpolate bilinearly, with antialiasing.",
    ),
    _resize(
        "resize-always-to-28",
        by='return F.interpolate(images, size=(28, 28), mode="bilinear", antialias=True)',
        hint="The result always has 28 pixels a side. `size` says how many.",
    ),
    _resize(
        "resize-crops",
        by="top, left = (max(side - size, 0) // 2 for side in images.shape[2:])\n"
        "    return F.interpolate(images[:, :, top : top + size, left : left + size], size=(size, size), "
        'mode="bilinear", antialias=True)',
        hint="The middle of the image is cut out. All of it should be there, only smaller.",
    ),
    _resize(
        "resize-keeps-the-ratio",
        by="longest = max(images.shape[2:])\n"
        "    sides = [max(1, round(size * side / longest)) for side in images.shape[2:]]\n"
        '    return pad_to(F.interpolate(images, size=sides, mode="bilinear", antialias=True), size)',
        hint="Images that are not square keep their ratio and are padded. Both sides should become `size`.",
    ),
)
