"""Convolutions of small images, learned faster: the same numbers, by way of images laid side by side.

Processors with instructions for bfloat16 compute the gradient of a filter along the rows of an image, 32
pixels at a time: of rows of 3 or 7 pixels they fill a tenth or a quarter. So several images are laid into
one row, with as much black between them as a filter sees beyond a border.
"""

import torch
from torch.nn.grad import conv2d_input, conv2d_weight
from torch.overrides import TorchFunctionMode

FULL_ROW = 32  # pixels
WORTHWHILE = 3  # images in one row; with fewer, laying them out takes longer than it saves


class SideBySide(TorchFunctionMode):
    """Inside of `with`, convolutions of small images get the gradient of their filters in the faster way.

    Left alone are strides, dilations, groups and even filters, and what is wide enough by itself.
    """

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Call `func`, or what takes its place."""
        kwargs = kwargs or {}
        if func in (torch.conv2d, torch.nn.functional.conv2d) and not kwargs:
            images, weight, bias, stride, padding, dilation, groups = _complete(*args)
            if _is_plain(images, weight, stride, padding, dilation, groups):
                if torch.is_autocast_enabled(images.device.type) and images.dtype != torch.float64:
                    kind = torch.get_autocast_dtype(images.device.type)
                    images, weight = images.to(kind), weight.to(kind)
                scores = _Convolution.apply(images, weight)
                return scores if bias is None else scores + bias.to(scores.dtype).view(-1, 1, 1)
        return func(*args, **kwargs)


def _complete(images, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return images, weight, bias, stride, padding, dilation, groups


def _is_plain(images, weight, stride, padding, dilation, groups):
    """Tell whether the output is as large as the images, and these are small and several."""
    height, width = weight.shape[2:]
    return (
        torch.is_grad_enabled()
        and weight.requires_grad
        and images.ndim == 4
        and _pair(stride) == _pair(dilation) == (1, 1)
        and groups == 1
        and height % 2 == width % 2 == 1
        and _pair(padding) == (height // 2, width // 2)
        and _in_a_row(images.shape[3], width // 2) >= WORTHWHILE
    )


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def _in_a_row(width, gap):
    return FULL_ROW // (width + gap)


class _Convolution(torch.autograd.Function):
    """conv2d with a stride of 1 and a padding that keeps the size."""

    @staticmethod
    def forward(ctx, images, weight):
        ctx.save_for_backward(images, weight)
        return torch.conv2d(images, weight, padding=(weight.shape[2] // 2, weight.shape[3] // 2))

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient):
        images, weight = ctx.saved_tensors
        padding = weight.shape[2] // 2, weight.shape[3] // 2
        of_images = None
        if ctx.needs_input_grad[0]:
            of_images = conv2d_input(images.shape, weight, gradient, padding=padding)
        count = _in_a_row(images.shape[3], padding[1])
        rows, row_gradients = (beside(each, count, padding[1]) for each in (images, gradient))
        return of_images, conv2d_weight(rows, weight.shape, row_gradients, padding=padding)


def beside(images, count, gap):
    """Lay every `count` images into one row, with `gap` columns of zeros behind each.

    Args:    images: (N, C, H, W).
    Returns: (ceil(N / count), C, H, count * (W + gap)), with its channels last in memory; what is left of the
             last row is zeros.
    """
    number, channels, height, width = images.shape
    whole, rest = divmod(number, count)
    rows = images.new_zeros(whole + (rest > 0), height, count, width + gap, channels)
    pixels = images.permute(0, 2, 3, 1)
    rows[:whole, :, :, :width] = pixels[: whole * count].unflatten(0, (whole, count)).transpose(1, 2)
    if rest:
        rows[whole, :, :rest, :width] = pixels[whole * count :].transpose(0, 1)
    return rows.flatten(2, 3).permute(0, 3, 1, 2)
