"""What goes wrong in CustomConv2DFunction."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_function = partial(Mutant, component="conv_function", file="convolution.py")
_KEEP = "ctx.save_for_backward(input_feats, weight)\n"
_OUT = "        out = input_feats.new_empty(len(input_feats), len(weight), height, width)\n"
_BIAS = "shift = weight.new_zeros(len(weight)) if bias is None else bias"
_END = "        return out\n        # END SOLUTION conv_function-forward"
_SAVED = "x, weight = ctx.saved_tensors\n"
_NEEDS = "needs_x, needs_weight, needs_bias = ctx.needs_input_grad[:3]"
_DBIAS = "dbias = grad_output.sum(dim=(0, 2, 3)) if needs_bias else None"
_GRADIENTS = "return dx, dweight, dbias, None, None, None"
_CROP = "as_images(drows, tall, wide)[:, :, padding : padding + high, padding : padding + broad]"
_FOLD = "images_of(dcolumns, sizes, side, *settings)"
_COLUMNS = "columns_of(input_feats, weight.shape[2], stride, padding, dilation)"
_DISTRIBUTE = "distribute(x, weight, grad_output, ctx.settings, dx, dweight)"


def _early(value: str) -> str:
    """Return the line that makes room for the output, and a return of something else."""
    return f"{_OUT}        return ({value}).contiguous()\n"


def _gradients(dx: str = "dx", dweight: str = "dweight") -> str:
    """Return the line that returns the gradients, with these instead of dx and dweight."""
    return f"return {dx} if needs_x else None, {dweight} if needs_weight else None, dbias, None, None, None"


MUTANTS = (
    _function(
        "conv_function-forgets-the-bias",
        replace=_BIAS,
        by="shift = weight.new_zeros(len(weight))",
        hint="forward leaves the bias out. Add bias[f] to every position of the output of filter f.",
    ),
    _function(
        "conv_function-flips-the-kernel",
        replace=_KEEP,
        by=_KEEP + "        weight = weight.flip(2, 3)\n",
        hint="forward flips the kernel. What networks call a convolution is a correlation: the first weight "
        "belongs to the first pixel of the window.",
    ),
    _function(
        "conv_function-transposes-the-kernel",
        replace=_KEEP,
        by=_KEEP + "        weight = weight.mT\n",
        hint="forward swaps rows and columns of the kernel.",
    ),
    _function(
        "conv_function-puts-channels-last",
        replace=_OUT,
        by=_early(
            f"(weight.permute(0, 2, 3, 1).flatten(1) @ {_COLUMNS}).unflatten(2, (height, width))"
            " + (0 if bias is None else bias.view(-1, 1, 1))"
        ),
        hint="The numbers of a filter and those of a column are in different orders. In a column the "
        "channels "
        "come first, then the pixels of the window: flatten the weight as it is.",
    ),
    _function(
        "conv_function-mixes-images-and-filters",
        replace=_OUT,
        by=_early(
            f"(weight.flatten(1) @ {_COLUMNS}.transpose(0, 1).flatten(1)"
            " + (0 if bias is None else bias.view(-1, 1)))"
            ".reshape(len(input_feats), len(weight), height, width)"
        ),
        hint="All images are unfolded into one matrix, and its product is reshaped with the batch first: "
        "that "
        "mixes images and filters. The first axis of the product is the filters.",
    ),
    _function(
        "conv_function-forgets-the-stride",
        replace=_OUT,
        by=_early("conv2d_unfold(input_feats, weight, bias, 1, padding, dilation)[:, :, :height, :width]"),
        hint="forward places windows one pixel apart and ignores the stride.",
    ),
    _function(
        "conv_function-forgets-the-dilation",
        replace=_OUT,
        by=_early("conv2d_unfold(input_feats, weight, bias, stride, padding, 1)[:, :, :height, :width]"),
        hint="forward takes adjacent pixels for a window: they should be `dilation` apart.",
    ),
    _function(
        "conv_function-pads-one-side",
        replace=_OUT,
        by=_early(
            "conv2d_unfold(F.pad(input_feats, (0, 2 * padding) * 2), weight, bias, stride, 0, dilation)"
        ),
        hint="All of the padding is below and on the right. Half of it belongs above and on the left.",
    ),
    _function(
        "conv_function-swaps-height-and-width",
        replace=_END,
        by=_END.replace("return out", "return out.mT.contiguous()"),
        hint="Height and width are swapped in the output. Square images hide the bug.",
    ),
    _function(
        "conv_function-returns-a-view",
        replace=_END,
        by=_END.replace("return out", "return out.view(out.shape)"),
        hint="forward returns a view, and torch refuses to change one in place behind a Function: a ReLU "
        "in place cannot follow. Return a new tensor.",
    ),
    _function(
        "conv_function-casts-to-float32",
        replace=_OUT,
        by=f"{_OUT}        input_feats, weight = (one.float().to(out.dtype) for one in (input_feats, "
        "weight))\n",
        hint="The computation is converted to float32. Compute in the input's dtype.",
    ),
    _function(
        "conv_function-keeps-the-columns",
        replace=_KEEP,
        by=_KEEP
        + "        ctx.columns = F.unfold(input_feats, weight.shape[2], dilation, padding, stride)\n",
        hint="The unfolded images are kept for backward, which takes K * K times the memory of the images. "
        "Keep "
        "the images, and unfold again.",
    ),
    _function(
        "conv_function-averages-dbias",
        replace=_DBIAS,
        by="dbias = grad_output.sum(dim=(2, 3)).mean(dim=0) if needs_bias else None",
        hint="dbias is averaged over the batch. Sum instead; to get a mean, divide the loss.",
    ),
    _function(
        "conv_function-averages-dbias-over-everything",
        replace=_DBIAS,
        by="dbias = grad_output.mean(dim=(0, 2, 3)) if needs_bias else None",
        hint="dbias is averaged over images and positions. Sum over both.",
    ),
    _function(
        "conv_function-averages-dweight",
        replace=_GRADIENTS,
        by=_gradients(dweight="dweight / len(x)"),
        hint="dweight is averaged over the batch. Sum instead; to get a mean, divide the loss.",
    ),
    _function(
        "conv_function-flips-dweight",
        replace=_GRADIENTS,
        by=_gradients(dweight="dweight.flip(2, 3)"),
        hint="dweight is flipped: dweight[f, c, u, v] belongs to the pixel u rows and v columns into the "
        "window.",
    ),
    _function(
        "conv_function-transposes-dweight",
        replace=_GRADIENTS,
        by=_gradients(dweight="dweight.mT"),
        hint="Rows and columns of dweight are swapped.",
    ),
    _function(
        "conv_function-averages-dx",
        replace=_GRADIENTS,
        by=_gradients(dx="dx / len(x)"),
        hint="dx is divided by the batch size. Each image has its own dx; to get a mean, divide the loss.",
    ),
    _function(
        "conv_function-flips-the-kernel-for-dx",
        replace=_SAVED,
        by=_SAVED + "        weight = weight.flip(2, 3)\n",
        hint="dx is computed with a flipped kernel. If you correlate the gradients with the kernel, flip "
        "it; if "
        "you add up products, as fold does, use it as it is.",
    ),
    _function(
        "conv_function-crops-the-wrong-side-of-dx",
        replace=_CROP,
        by="as_images(drows, tall, wide)[:, :, :high, :broad]",
        also=(
            (
                _FOLD,
                "images_of(dcolumns, [one + 2 * settings[1] for one in sizes], side, settings[0], 0, "
                "settings[2])"
                "[:, :, : sizes[0], : sizes[1]]",
            ),
        ),
        hint="dx is shifted: the padding was cut away below and on the right only. It lies around the image.",
    ),
    _function(
        "conv_function-uses-the-bias-gradient-of-one-image",
        replace=_DBIAS,
        by="dbias = grad_output[0].sum(dim=(1, 2)) if needs_bias else None",
        hint="dbias uses the first image only. Sum over the batch.",
    ),
    _function(
        "conv_function-computes-what-nobody-needs",
        replace=_NEEDS,
        by="needs_x, needs_weight, needs_bias = True, True, ctx.needs_input_grad[2]",
        hint="backward computes gradients that nobody needs. ctx.needs_input_grad says which are needed; "
        "return None for the others.",
    ),
    _function(
        "conv_function-views-the-gradient",
        replace=_DISTRIBUTE,
        by=f"grad_output.view(len(x), len(weight), -1)\n        {_DISTRIBUTE}",
        hint="backward uses view on the gradient, which may have any memory layout: that of a sum is one "
        "number, expanded. Use reshape.",
    ),
)
