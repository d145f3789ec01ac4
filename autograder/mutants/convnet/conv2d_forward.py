"""What goes wrong in Conv2D.forward."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_conv2d = partial(Mutant, component="conv2d", file="modules/convolution.py")
_PAD = "padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))"
_STEP = "windows = windows[:, :, ::s, ::s]"
_KERNELS = "kernels = self.weight.reshape(self.out_channels, channels * k * k)"
_BIAS = "out = out + self.bias[:, np.newaxis]"
_RETURN = "return out.reshape(batch, self.out_channels, out_height, out_width)"
_MIXED = (
    "The numbers are right but images and filters are mixed up: one product with all images at once has "
    "the filters as its first axis. A reshape does not reorder axes: give each axis of the product its own "
    "dimension, then transpose to (N, F, H', W')."
)

MUTANTS = (
    _conv2d(
        "conv2d-flips-the-kernel",
        replace=_KERNELS,
        by="kernels = self.weight[:, :, ::-1, ::-1].reshape(self.out_channels, channels * k * k)",
        hint="The filters are rotated by 180 degrees. A convolution layer correlates: weight[u, v] meets "
        "the pixel u rows and v columns after the window's start.",
    ),
    _conv2d(
        "conv2d-transposes-the-kernel",
        replace=_KERNELS,
        by="kernels = self.weight.swapaxes(2, 3).reshape(self.out_channels, channels * k * k)",
        hint="Rows and columns of the filters are swapped: u runs along the height, v along the width.",
    ),
    _conv2d(
        "conv2d-forgets-the-bias",
        replace=_BIAS,
        by="out = out + 0.0",
        hint="The bias is missing from the output: every filter adds its own, once, at every position.",
    ),
    _conv2d(
        "conv2d-adds-the-bias-for-every-channel",
        replace=_BIAS,
        by="out = out + channels * self.bias[:, np.newaxis]",
        hint="The bias is added once for every input channel. Add it once, after the sum over the channels.",
    ),
    _conv2d(
        "conv2d-adds-the-bias-for-every-product",
        replace=_BIAS,
        by="out = out + channels * k * k * self.bias[:, np.newaxis]",
        hint="The bias is added to every single product. Add it once, after the sum over channels and "
        "window.",
    ),
    _conv2d(
        "conv2d-sees-the-first-channel-only",
        replace=_KERNELS,
        by="first = np.arange(channels).reshape(-1, 1, 1) == 0\n"
        "        kernels = (self.weight * first).reshape(self.out_channels, channels * k * k)",
        hint="Only the first input channel is used. Every filter uses all channels and sums over them.",
    ),
    _conv2d(
        "conv2d-keeps-the-last-channel-only",
        replace=_KERNELS,
        by="last = np.arange(channels).reshape(-1, 1, 1) == channels - 1\n"
        "        kernels = (self.weight * last).reshape(self.out_channels, channels * k * k)",
        hint="Each channel overwrites the one before. Sum over the channels instead of assigning.",
    ),
    _conv2d(
        "conv2d-averages-the-window",
        replace=_BIAS,
        by="out = out / (channels * k * k) + self.bias[:, np.newaxis]",
        hint="The products are averaged. A convolution sums them.",
    ),
    _conv2d(
        "conv2d-averages-over-channels",
        replace=_BIAS,
        by="out = out / channels + self.bias[:, np.newaxis]",
        hint="The channels are averaged. A convolution sums over them.",
    ),
    _conv2d(
        "conv2d-forgets-to-pad",
        replace=_PAD,
        by="padded = x",
        hint="padding has no effect on the output. Put that many rows and columns of zeros around every "
        "image.",
    ),
    _conv2d(
        "conv2d-pads-with-the-border",
        replace=_PAD,
        by='padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="edge")',
        hint="The padding repeats the border pixels. Use zeros.",
    ),
    _conv2d(
        "conv2d-pads-below-and-right-only",
        replace=_PAD,
        by="padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * p), (0, 2 * p)))",
        hint="All padding is below and on the right, so the image is shifted. Pad every side.",
    ),
    _conv2d(
        "conv2d-pads-above-and-left-only",
        replace=_PAD,
        by="padded = np.pad(x, ((0, 0), (0, 0), (2 * p, 0), (2 * p, 0)))",
        hint="All padding is above and on the left, so the image is shifted. Pad every side.",
    ),
    _conv2d(
        "conv2d-forgets-the-stride",
        replace=_STEP,
        by="windows = windows[:, :, ::1, ::1]",
        hint="stride has no effect on the output: windows start every stride-th pixel, so H' and W' shrink.",
    ),
    _conv2d(
        "conv2d-windows-start-every-pixel",
        replace=_STEP,
        by="windows = windows[:, :, : (padded.shape[2] - k) // s + 1, : (padded.shape[3] - k) // s + 1]",
        hint="The output has the right size, but window (i, j) starts at pixel (i, j): multiply both by the "
        "stride.",
    ),
    _conv2d(
        "conv2d-steps-by-the-kernel-size",
        replace=_STEP,
        by="windows = windows[:, :, ::k, ::k]",
        hint="Windows start every kernel_size pixels. They should start every stride pixels.",
    ),
    _conv2d(
        "conv2d-rounds-the-output-size-up",
        replace=_PAD,
        by="padded = np.pad(x, ((0, 0), (0, 0), (p, p + s - 1), (p, p + s - 1)))",
        hint="A window that only partly fits is counted. Only whole windows count: round H' and W' down.",
    ),
    _conv2d(
        "conv2d-misses-the-last-window",
        replace=_STEP,
        by="windows = windows[:, :, ::s, ::s][:, :, :-1, :-1]",
        hint="The last row and column of windows is missing. Between H positions there are H - 1 steps: add "
        "one.",
    ),
    _conv2d(
        "conv2d-stops-before-the-border",
        replace=_STEP,
        by="windows = windows[:, :, :-1:s, :-1:s]",
        hint="A window that ends exactly at the border is missing: range(0, H - K, s) stops before H - K, "
        "and the last window may start there (H with its padding).",
    ),
    _conv2d(
        "conv2d-output-size-without-padding",
        replace=_STEP,
        by="height, width = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1\n"
        "        windows = windows[:, :, ::s, ::s][:, :, :height, :width]",
        hint="H' and W' are computed from the image without its padding: it adds 2 * padding to each side "
        "length.",
    ),
    _conv2d(
        "conv2d-output-size-with-half-the-padding",
        replace=_STEP,
        by="height, width = (x.shape[2] + p - k) // s + 1, (x.shape[3] + p - k) // s + 1\n"
        "        windows = windows[:, :, ::s, ::s][:, :, :height, :width]",
        hint="H' and W' count the padding once. It is on both sides: 2 * padding.",
    ),
    _conv2d(
        "conv2d-swaps-height-and-width",
        replace=_RETURN,
        by="return out.reshape(batch, self.out_channels, out_width, out_height)",
        hint="The output has H' and W' swapped. Height comes first, width second; square images hide the "
        "bug.",
    ),
    _conv2d(
        "conv2d-transposes-the-images",
        replace=_RETURN,
        by="return out.reshape(batch, self.out_channels, out_height, out_width).swapaxes(2, 3)",
        hint="Rows and columns of the output are swapped: out[n, f, i, j] has i along the height of x.",
    ),
    _conv2d(
        "conv2d-reshapes-filters-into-images",
        replace=_RETURN,
        by="out = out.transpose(1, 0, 2)  # (F, N, H'*W'), as of columns that stand image after image\n"
        "        " + _RETURN,
        hint=_MIXED,
    ),
    _conv2d(
        "conv2d-reshapes-with-images-innermost",
        replace=_RETURN,
        by="out = out.transpose(1, 2, 0)  # (F, H'*W', N), as of columns in which images alternate\n"
        "        " + _RETURN,
        hint=_MIXED,
    ),
    _conv2d(
        "conv2d-reshapes-channels-last",
        replace=_RETURN,
        by="out = out.transpose(0, 2, 1)\n        " + _RETURN,
        hint="The numbers are right but in the wrong places: they were computed as (N, H', W', F) and "
        "reshaped to (N, F, H', W'). A reshape does not reorder axes; use a transpose.",
    ),
    _conv2d(
        "conv2d-remembers-the-first-input",
        replace="self.cache = (windows, x.shape)",
        by="self.cache = self.cache or (windows, x.shape)",
        hint="backward always uses the input of the first call. Store what it needs in every forward.",
    ),
)
