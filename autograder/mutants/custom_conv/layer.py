"""What goes wrong in CustomConv2d."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_layer = partial(Mutant, component="conv_layer", file="convolution.py")
_CALL = "custom_conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation)"
_BOUND = "bound = 1 / math.sqrt(self.weight[0].numel())"
_BIAS = "self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound))"
_DRAW = "nn.init.uniform_(self.weight, -bound, bound)"

MUTANTS = (
    _layer(
        "conv_layer-forgets-the-stride",
        replace=_CALL,
        by=_CALL.replace("self.stride", "1"),
        hint="The layer always convolves with stride 1: pass its own stride on.",
    ),
    _layer(
        "conv_layer-forgets-the-padding",
        replace=_CALL,
        by=_CALL.replace("self.padding", "0"),
        hint="The layer always convolves without padding: pass its own padding on.",
    ),
    _layer(
        "conv_layer-forgets-the-dilation",
        replace=_CALL,
        by=_CALL.replace("self.dilation", "1"),
        hint="The layer always convolves without dilation: pass its own dilation on.",
    ),
    _layer(
        "conv_layer-forgets-the-bias",
        replace=_CALL,
        by=_CALL.replace("self.bias", "None"),
        hint="The layer has a bias and does not use it.",
    ),
    _layer(
        "conv_layer-always-has-a-bias",
        replace="        if bias:\n            self.bias",
        by="        if True:\n            self.bias",
        hint="With bias=False the layer still has one. It should be None then, and not in the state_dict.",
    ),
    _layer(
        "conv_layer-begins-normal",
        replace=_DRAW,
        by="nn.init.normal_(self.weight, std=bound)",
        hint="The weight begins with normally distributed numbers. That of nn.Conv2d is uniform in [-b, b].",
    ),
    _layer(
        "conv_layer-takes-fan-out",
        replace=_BOUND,
        by="bound = 1 / math.sqrt(self.weight[0].numel() / in_channels * out_channels)",
        hint="The bound uses the number of filters. It depends on how many numbers one output sums: C * K "
        "* K.",
    ),
    _layer(
        "conv_layer-forgets-the-root",
        replace=_BOUND,
        by="bound = 1 / self.weight[0].numel()",
        hint="The bound is 1 / (C * K * K): the square root is missing.",
    ),
    _layer(
        "conv_layer-begins-without-bias",
        replace=_BIAS,
        by="self.bias = nn.Parameter(torch.zeros(out_channels))",
        hint="The bias begins at 0. That of nn.Conv2d is uniform in [-b, b], as the weight is.",
    ),
)
