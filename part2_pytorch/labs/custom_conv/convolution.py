"""Convolution in four ways: by its definition, by unfolding, with a backward of your own, and as a layer.

Read first: "Lab: your own convolution in PyTorch", a page of the handout.

Do not call torch's own convolutions in this file: a test that meets one fails. `F.unfold`, `F.fold` and
matrix products are fine.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd.function import once_differentiable

AT_ONCE = 2**20  # bytes to work on at a time, so that they stay in the processor's cache
FEW = 8  # channels: with fewer, products of shifted rows are too thin to be worth it


def conv2d_loops(x, weight, bias=None, stride=1, padding=0, dilation=1):
    """Correlate every window of `x` with every filter, one position of the output after another.

        out[n, f, i, j] = bias[f] + sum over c, u, v of
            padded[n, c, i * stride + u * dilation, j * stride + v * dilation] * weight[f, c, u, v]

    Args:    x: (N, C, H, W) images; weight: (F, C, K, K); bias: (F,) or None.
    Returns: (N, F, H', W') with the sides that `output_size` gives.
    """
    height, width = output_size(x, weight, stride, padding, dilation)
    # TODO conv_loops
    raise NotImplementedError("conv_loops")


def conv2d_unfold(x, weight, bias=None, stride=1, padding=0, dilation=1):
    """Compute the same with one product of matrices, in which every window is a column.

        columns = F.unfold(x, K, ...)                      (N, C * K * K, H' * W')
        out = weight as (F, C * K * K)  @  columns         (N, F, H' * W')

    Args and returns are those of `conv2d_loops`.
    """
    height, width = output_size(x, weight, stride, padding, dilation)
    # TODO conv_unfold
    raise NotImplementedError("conv_unfold")


class CustomConv2DFunction(torch.autograd.Function):
    """The convolution as one step of torch's graph, with its own backward.

    Only the images and the weight are kept for backward, because they are in memory anyway. The columns of
    `F.unfold` would take K * K times the memory of the images: unfold again in backward, a few at a time.
    """

    @staticmethod
    def forward(ctx, input_feats, weight, bias, stride=1, padding=0, dilation=1):
        """Compute the output, and keep in `ctx` what backward needs.

        Args:    input_feats: (N, C, H, W) in any memory layout; weight: (F, C, K, K); bias: (F,) or None.
        Returns: (N, F, H', W'), new memory and no view of other memory: a ReLU in place may follow.
        """
        height, width = output_size(input_feats, weight, stride, padding, dilation)
        # TODO conv_function-forward
        raise NotImplementedError("conv_function-forward")

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        """Return the gradients of what forward got, None for what needs none: see `ctx.needs_input_grad`.

            dbias[f] = sum over n, i, j of dout[n, f, i, j]
            dweight[f, c, u, v] = sum over n, i, j of
                dout[n, f, i, j] * padded[n, c, i * stride + u * dilation, j * stride + v * dilation]
            dpadded[n, c, i * stride + u * dilation, j * stride + v * dilation] +=
                dout[n, f, i, j] * weight[f, c, u, v]                for all f, i, j, u, v

        and dx is dpadded without the padding.

        Args:    grad_output: (N, F, H', W'), in any memory layout: that of a sum is one number, expanded.
        Returns: dx, dweight, dbias, None, None, None.
        """
        # TODO conv_function-backward
        raise NotImplementedError("conv_function-backward")


custom_conv2d = CustomConv2DFunction.apply


class CustomConv2d(nn.Module):
    """A layer that takes the place of nn.Conv2d: same arguments, parameters and initialisation.

    The parameters are `weight` (F, C, K, K) and `bias` (F,), or None without: a state_dict of nn.Conv2d fits.
    Both are drawn uniformly from [-b, b] with b = 1 / sqrt(C * K * K).
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True
    ):
        """Make the parameters; raise ValueError for groups, which this layer does not have."""
        super().__init__()
        if groups != 1:
            raise ValueError(
                f"CustomConv2d: expected groups=1, got {groups}; every filter here sees all channels."
            )
        # TODO conv_layer-init
        raise NotImplementedError("conv_layer-init")

    def forward(self, x):
        """Return the convolution of images (N, C, H, W): (N, F, H', W')."""
        # TODO conv_layer-forward
        raise NotImplementedError("conv_layer-forward")


# What is given: sizes, a few images at a time, and the two ways to lay images out for products.


def output_size(images, weight, stride, padding, dilation):
    """Return (H', W'), the sides of the output; raise ValueError where the shapes do not fit each other.

    H' = (H + 2 * padding - dilation * (K - 1) - 1) // stride + 1              W' likewise
    """
    if images.ndim != 4 or images.shape[1] != weight.shape[1]:
        raise ValueError(
            f"convolution: expected images (N, {weight.shape[1]}, H, W), as the weight "
            f"{tuple(weight.shape)} asks for, got {tuple(images.shape)}."
        )
    reach = dilation * (weight.shape[2] - 1) + 1  # pixels from one end of a window to the other
    sides = [side + 2 * padding for side in images.shape[2:]]
    if min(sides) < reach:
        raise ValueError(
            f"convolution: a kernel that covers {reach} x {reach} pixels does not fit into the padded image "
            f"of {sides[0]} x {sides[1]}; take a smaller kernel, or more padding."
        )
    return tuple((side - reach) // stride + 1 for side in sides)


def chunks(images, numbers_per_image):
    """Yield slices of the batch whose numbers take about `AT_ONCE` bytes, of at least one image each."""
    count = max(1, AT_ONCE // (images.element_size() * numbers_per_image))
    return [slice(start, start + count) for start in range(0, len(images), count)]


def columns_of(images, side, stride, padding, dilation):
    """Return the windows as columns, (n, C * K * K, H' * W'); of one pixel, the pixels themselves."""
    if side == 1 and stride == 1 and padding == 0:
        return images.flatten(start_dim=2)
    return F.unfold(images, side, dilation=dilation, padding=padding, stride=stride)


def images_of(columns, size, side, stride, padding, dilation):
    """Add every entry of the columns to the pixel that it came from: the images (n, C, *size)."""
    if side == 1 and stride == 1 and padding == 0:
        return columns.unflatten(2, size)
    return F.fold(columns, size, side, dilation=dilation, padding=padding, stride=stride)


def as_rows(images, height, width, inset, *, before=0, after=0):
    """Return images (n, C, H, W) as rows, one per pixel: (before + n * height * width + after, C).

    Each image lies in a frame of zeros of `height` x `width` pixels, `inset` from above and from the left.
    The pixel that is u rows and v columns further is then u * width + v rows below, wherever one starts: a
    shifted slice, which is no copy, holds that pixel of all windows at once.
    """
    count, channels = images.shape[:2]
    rows = images.new_zeros(before + count * height * width + after, channels)
    frames = as_images(rows[before : len(rows) - after], height, width)
    frames[:, :, inset : inset + images.shape[2], inset : inset + images.shape[3]] = images
    return rows


def as_images(rows, height, width):
    """Return rows (n * height * width, C) as the images (n, C, height, width) that they are: a view."""
    return rows.view(-1, height, width, rows.shape[1]).permute(0, 3, 1, 2)


def offsets_of(side, width, dilation):
    """Return how many rows further each pixel of a window lies than its first one, row by row."""
    return [dilation * (u * width + v) for u in range(side) for v in range(side)]
