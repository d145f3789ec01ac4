"""The convolution of the usual starter code: the whole batch unfolded, the columns kept for backward."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn


class Starter(torch.autograd.Function):
    """Unfold, multiply, fold; the columns, K * K times the images, are kept."""

    @staticmethod
    def forward(ctx: Any, x: Any, weight: Any, bias: Any, stride: int, padding: int) -> Any:
        """Return the convolution (N, F, H' * W'): given its shape here, no ReLU could replace it in place."""
        columns = F.unfold(x, weight.shape[2], padding=padding, stride=stride)
        ctx.save_for_backward(columns, weight)
        ctx.size, ctx.how = x.shape[2:], (stride, padding)
        return weight.flatten(1) @ columns + bias[:, None]

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return dx, dweight and dbias."""
        (columns, weight), (stride, padding) = ctx.saved_tensors, ctx.how
        dout = gradients[0]
        dweight = (dout @ columns.mT).sum(0).view_as(weight)
        dcolumns = weight.flatten(1).t() @ dout
        dx = F.fold(dcolumns, ctx.size, weight.shape[2], padding=padding, stride=stride)
        return dx, dweight, dout.sum((0, 2)), None, None


class StarterConv2d(nn.Conv2d):
    """nn.Conv2d whose forward goes the starter's way."""

    def forward(self, input: Any) -> Any:
        """Return the convolution (N, F, H', W')."""
        stride, padding = self.stride[0], int(self.padding[0])
        out = Starter.apply(input, self.weight, self.bias, stride, padding)  # type: ignore[no-untyped-call]
        height = (input.shape[2] + 2 * padding - self.kernel_size[0]) // stride + 1
        return out.unflatten(2, (height, -1))
