"""What goes wrong in Conv2D.backward."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_conv2d = partial(Mutant, component="conv2d", file="modules/convolution.py")
_CROP = "self.dx = dpadded[:, :, p : p + height, p : p + width]"
_DB = "self.db = dout.sum(axis=(0, 2, 3))"
_DW = "self.dw = dw.reshape(self.weight.shape)"
_SUM = "dw = sum(dflat @ image.reshape(channels * k * k, -1).T for dflat, image in pairs)"
_LIST = "dw = [dflat @ image.reshape(channels * k * k, -1).T for dflat, image in pairs]"
_DCOLUMNS = "dcolumns = self.weight.reshape(self.out_channels, -1).T @ flat_dout"
_LOOP = "for u, v in np.ndindex(k, k):"
_COLLECT = "dpadded[:, :, u : u + s * out_height : s, v : v + s * out_width : s] += dcolumns[:, :, u, v]"
_FLAT = "flat_dout = dout.reshape(batch, self.out_channels, out_height * out_width)"
_FLAT_MIXED = "flat_dout = dout.reshape(self.out_channels, "
_MIXED = (
    "dout is flattened to one row per filter by a reshape alone, which mixes images and filters: its first "
    "axis is the batch. Transpose it so that the filters come first, then reshape."
)

MUTANTS = (
    _conv2d(
        "conv2d-crops-with-negative-padding",
        replace=_CROP,
        by="self.dx = dpadded[:, :, p:-p, p:-p]",
        hint="A slice [p:-p] is empty at p = 0: crop with p : p + H.",
    ),
    _conv2d(
        "conv2d-dx-keeps-its-padding",
        replace=_CROP,
        by="self.dx = dpadded",
        hint="dx still has the padding around it. x came without it: crop dx to the shape of x.",
    ),
    _conv2d(
        "conv2d-crops-one-side-only",
        replace=_CROP,
        by="self.dx = dpadded[:, :, :height, :width]",
        hint="dx is shifted: the padding was cut away below and on the right, but not above and on the left.",
    ),
    _conv2d(
        "conv2d-crop-swaps-height-and-width",
        replace=_CROP,
        by="self.dx = dpadded[:, :, p : p + width, p : p + height]",
        hint="dx is cropped with height and width swapped; square images hide the bug.",
    ),
    _conv2d(
        "conv2d-backward-reshapes-filters-into-images",
        replace=_FLAT,
        by=_FLAT_MIXED + "batch, -1).swapaxes(0, 1)",
        hint=_MIXED,
    ),
    _conv2d(
        "conv2d-backward-reshapes-with-images-innermost",
        replace=_FLAT,
        by=_FLAT_MIXED + "-1, batch).transpose(2, 0, 1)",
        hint=_MIXED,
    ),
    _conv2d(
        "conv2d-dx-overwrites-overlaps",
        replace=_COLLECT,
        by=_COLLECT.replace("+=", "="),
        also=((_LOOP, "for u, v in reversed(list(np.ndindex(k, k))):"),),
        hint="Where windows overlap, the last one overwrites the others. A pixel receives gradient from "
        "every window that covers it: add instead of assigning.",
    ),
    _conv2d(
        "conv2d-dx-overwrites-by-kernel-offset",
        replace=_COLLECT,
        by=_COLLECT.replace("+=", "="),
        hint="In your loop over the kernel's entries, dx is assigned instead of added to: a pixel collects "
        "gradient from every window that covers it.",
    ),
    _conv2d(
        "conv2d-dx-assigned-in-the-loop",
        replace=_DCOLUMNS,
        by="dcolumns = self.weight[-1:].reshape(1, -1).T @ flat_dout[:, -1:]",
        also=(
            (_COLLECT, _COLLECT.replace("+=", "=")),
            (_LOOP, "for u, v in reversed(list(np.ndindex(k, k))):"),
        ),
        hint="In your loop over filters and windows, dx is assigned instead of added to: only the last "
        "filter and the last window over a pixel are left. A pixel collects gradient from all of them.",
    ),
    _conv2d(
        "conv2d-dx-of-the-last-filter",
        replace=_DCOLUMNS,
        by="dcolumns = self.weight[-1:].reshape(1, -1).T @ flat_dout[:, -1:]",
        hint="dx holds the contribution of the last filter only. Every filter used x: sum over the filters.",
    ),
    _conv2d(
        "conv2d-dx-flips-the-kernel",
        replace=_DCOLUMNS,
        by="dcolumns = self.weight[:, :, ::-1, ::-1].reshape(self.out_channels, -1).T @ flat_dout",
        hint="dx uses the filters rotated by 180 degrees. If you scatter dout back window by window, do "
        "not rotate it; it is rotated only if you write dx as a correlation of the padded dout.",
    ),
    _conv2d(
        "conv2d-dx-transposes-the-kernel",
        replace=_COLLECT,
        by=_COLLECT.replace("dcolumns[:, :, u, v]", "dcolumns[:, :, v, u]"),
        hint="dx uses the filters with rows and columns swapped: u belongs to the height, v to the width.",
    ),
    _conv2d(
        "conv2d-dx-forgets-the-stride",
        replace=_COLLECT,
        by="dpadded[:, :, u : u + out_height, v : v + out_width] += dcolumns[:, :, u, v]",
        hint="dx is collected as if windows started at every pixel: window (i, j) starts at (i * s, j * s).",
    ),
    _conv2d(
        "conv2d-averages-dx",
        replace=_CROP,
        by=_CROP + " / batch",
        hint="dx is divided by the batch size. The criterion has done that already: its loss is a mean.",
    ),
    _conv2d(
        "conv2d-dx-adds-up-over-calls",
        replace=_CROP,
        by=_CROP + " + (0 if self.dx is None else self.dx)",
        hint="dx still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _conv2d(
        "conv2d-averages-dw",
        replace=_DW,
        by=_DW + " / batch",
        hint="dw is divided by the batch size. The criterion has done that already: sum over the batch.",
    ),
    _conv2d(
        "conv2d-dw-of-the-last-image",
        replace=_SUM,
        by=_LIST + "[-1]",
        hint="dw holds the contribution of the last image only. Every image contributes: add in the loop "
        "instead of assigning.",
    ),
    _conv2d(
        "conv2d-dw-not-summed-over-the-batch",
        replace=_SUM,
        by=_LIST,
        also=((_DW, "self.dw = np.stack(dw).reshape(batch, *self.weight.shape)"),),
        hint="dw has an axis for the batch. All images share one set of filters: sum over the images.",
    ),
    _conv2d(
        "conv2d-dw-flips-the-kernel",
        replace=_DW,
        by=_DW + "[:, :, ::-1, ::-1]",
        hint="dw is rotated by 180 degrees: dw[u, v] belongs to the pixel u rows and v columns after the "
        "window's start.",
    ),
    _conv2d(
        "conv2d-dw-transposes-the-kernel",
        replace=_DW,
        by=_DW + ".swapaxes(2, 3)",
        hint="dw has rows and columns of the filters swapped: u belongs to the height, v to the width.",
    ),
    _conv2d(
        "conv2d-dw-forgets-the-stride",
        replace="self.cache = (windows, x.shape)",
        by="dense = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))\n"
        "        dense = dense[:, :, :out_height, :out_width].transpose(0, 1, 4, 5, 2, 3)\n"
        "        self.cache = (dense, x.shape)",
        hint="dw is collected as if windows started at every pixel: window (i, j) starts at (i * s, j * s).",
    ),
    _conv2d(
        "conv2d-dw-adds-up-over-calls",
        replace=_DW,
        by=_DW + " + (0 if self.dw is None else self.dw)",
        hint="dw still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _conv2d(
        "conv2d-averages-db-over-everything",
        replace=_DB,
        by="self.db = dout.mean(axis=(0, 2, 3))",
        hint="db is a mean over images and positions. Every position contributes: take the sum.",
    ),
    _conv2d(
        "conv2d-averages-db-over-the-batch",
        replace=_DB,
        by="self.db = dout.sum(axis=(0, 2, 3)) / batch",
        hint="db is divided by the batch size. The criterion has done that already: sum over the batch.",
    ),
    _conv2d(
        "conv2d-db-summed-over-the-batch-only",
        replace=_DB,
        by="self.db = dout.sum(axis=0)",
        hint="db still has the axes of the image. One bias per filter is added at every position: sum over "
        "those axes, too.",
    ),
    _conv2d(
        "conv2d-db-not-summed-over-the-batch",
        replace=_DB,
        by="self.db = dout.sum(axis=(2, 3))",
        hint="db has an axis for the batch. One bias per filter is added to all images: sum over the batch.",
    ),
    _conv2d(
        "conv2d-db-of-the-last-image",
        replace=_DB,
        by="self.db = dout[-1].sum(axis=(1, 2))",
        hint="db holds the contribution of the last image only. Every image contributes: add in the loop "
        "instead of assigning.",
    ),
    _conv2d(
        "conv2d-db-adds-up-over-calls",
        replace=_DB,
        by=_DB + " + (0 if self.db is None else self.db)",
        hint="db still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _conv2d(
        "conv2d-backward-overwrites-x-without-padding",
        replace=_CROP,
        by=_CROP + "\n        if p == 0:\n            self.given[...] = self.dx",
        also=(
            ("self.cache = (windows, x.shape)", "self.cache = (windows, x.shape)\n        self.given = x"),
        ),
        hint="With padding 0, backward writes into the x that forward was given: without padding, nothing "
        "was copied.",
    ),
    _conv2d(
        "conv2d-averages-dout-in-place",
        replace="out_height, out_width = dout.shape[2:]\n",
        by="out_height, out_width = dout.shape[2:]\n        dout /= batch\n",
        hint="backward divides dout by the batch size, and even changes the caller's array. The loss is "
        "already a mean: do not divide, and leave dout unchanged.",
    ),
)
