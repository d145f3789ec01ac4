"""What goes wrong in conv2d_loops and conv2d_unfold."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_loops = partial(Mutant, component="conv_loops", file="convolution.py")
_unfold = partial(Mutant, component="conv_unfold", file="convolution.py")
_SUM = 'torch.einsum("ncuv,fcuv->nf", window, weight)'
_RETURN = "    return out if bias is None else out + bias.view(-1, 1, 1)\n"
_PAD = "padded = F.pad(x, (padding,) * 4)"
_ROWS, _PLACES = "range(0, height * stride, stride)", "range(0, width * stride, stride)"
_WINDOW = "padded[:, :, top : top + span : dilation, left : left + span : dilation]"
_FLAT = "out = weight.flatten(start_dim=1) @ columns"
_SHAPED = "out.reshape(len(x), len(weight), height, width)"
_FLIPPED = (
    "The kernel is flipped. What networks call a convolution is a correlation: the first weight belongs to "
    "the "
    "first pixel of the window."
)
_CUT = (
    "The output is detached from torch's graph: no gradient gets back to x and weight. Compute with "
    "tensors throughout, without detach, data or numpy."
)
_NO_BIAS = "The bias is missing. Add bias[f] to every position of the output of filter f."
_SWAPPED = "Height and width are swapped in the output. Square images hide the bug."

MUTANTS = (
    _loops("conv_loops-forgets-the-bias", replace=_RETURN, by="    return out\n", hint=_NO_BIAS),
    _loops(
        "conv_loops-flips-the-kernel",
        replace=_SUM,
        by=_SUM.replace("weight)", "weight.flip(2, 3))"),
        hint=_FLIPPED,
    ),
    _loops(
        "conv_loops-transposes-the-kernel",
        replace=_SUM,
        by=_SUM.replace("fcuv", "fcvu"),
        hint="Rows and columns of the kernel are swapped: weight[f, c, u, v] belongs to the pixel u rows "
        "and v "
        "columns into the window.",
    ),
    _loops(
        "conv_loops-forgets-the-stride",
        replace=_ROWS,
        by="range(height)",
        also=((_PLACES, "range(width)"),),
        hint="Windows are one pixel apart and ignore the stride. Window [i, j] begins at [i * stride, j * "
        "stride].",
    ),
    _loops(
        "conv_loops-forgets-the-dilation",
        replace=_WINDOW,
        by="padded[:, :, top : top + weight.shape[2], left : left + weight.shape[2]]",
        hint="The pixels of a window are adjacent: they should be `dilation` apart.",
    ),
    _loops(
        "conv_loops-pads-one-side",
        replace=_PAD,
        by="padded = F.pad(x, (0, 2 * padding) * 2)",
        hint="All of the padding is below and on the right. Half of it belongs above and on the left.",
    ),
    _loops(
        "conv_loops-repeats-the-border",
        replace=_PAD,
        by='padded = F.pad(x, (padding,) * 4, mode="replicate")',
        hint="The padding repeats the border of the image. It should be zeros.",
    ),
    _loops(
        "conv_loops-averages-the-window",
        replace=_SUM,
        by=_SUM + " / window[0].numel()",
        hint="The products of a window are averaged. Sum them.",
    ),
    _loops(
        "conv_loops-swaps-height-and-width",
        replace="out = torch.stack(rows, dim=2)",
        by="out = torch.stack(rows, dim=3)",
        hint=_SWAPPED,
    ),
    _loops(
        "conv_loops-sees-the-first-channel-only",
        replace=_SUM,
        by='torch.einsum("nuv,fuv->nf", window[:, 0], weight[:, 0])',
        hint="Only the first channel is used. Every filter uses all channels of the image: sum over c, too.",
    ),
    _loops(
        "conv_loops-cuts-the-graph",
        replace=_PAD,
        by=_PAD + ".detach()",
        also=((_SUM, _SUM.replace("weight)", "weight.detach())")),),
        hint=_CUT,
    ),
    _unfold(
        "conv_unfold-forgets-the-bias",
        replace="    if bias is not None:\n        out = out + bias.view(-1, 1)\n",
        by="",
        hint=_NO_BIAS,
    ),
    _unfold(
        "conv_unfold-flips-the-kernel",
        replace=_FLAT,
        by=_FLAT.replace("weight.", "weight.flip(2, 3)."),
        hint=_FLIPPED,
    ),
    _unfold(
        "conv_unfold-puts-channels-last",
        replace=_FLAT,
        by=_FLAT.replace("weight.", "weight.permute(0, 2, 3, 1)."),
        hint="The numbers of a filter and those of a column are in different orders. In a column the "
        "channels "
        "come first, then the pixels of the window: flatten the weight as it is.",
    ),
    _unfold(
        "conv_unfold-transposes-the-kernel",
        replace=_FLAT,
        by=_FLAT.replace("weight.", "weight.mT."),
        hint="Rows and columns of the kernel are swapped. Flatten the weight as it is.",
    ),
    _unfold(
        "conv_unfold-mixes-images-and-filters",
        replace=_FLAT,
        by="out = weight.flatten(start_dim=1) @ columns.transpose(0, 1).flatten(start_dim=1)",
        hint="All images are unfolded into one matrix, and its product is reshaped with the batch first: "
        "that "
        "mixes images and filters. The first axis of the product is the filters.",
    ),
    _unfold(
        "conv_unfold-swaps-height-and-width",
        replace=_SHAPED,
        by="out.reshape(len(x), len(weight), width, height)",
        hint=_SWAPPED,
    ),
    _unfold(
        "conv_unfold-reads-columns-down",
        replace=_SHAPED,
        by="out.reshape(len(x), len(weight), width, height).mT",
        hint="The positions of the output are read column by column. F.unfold lists the windows row by row.",
    ),
    _unfold(
        "conv_unfold-repeats-the-border",
        replace="F.unfold(x, weight.shape[2], dilation=dilation, padding=padding, stride=stride)",
        by="F.unfold("
        'F.pad(x, (padding,) * 4, mode="replicate"), weight.shape[2], dilation=dilation, stride=stride)',
        hint="The padding repeats the border of the image. It should be zeros.",
    ),
    _unfold("conv_unfold-cuts-the-graph", replace=_FLAT, by=_FLAT + "\n    out = out.detach()", hint=_CUT),
)
