"""Probes of the lab on your own convolution: functions, the autograd Function, and the layer.

Whatever is called, torch's own convolutions raise ValueError while it runs: they are what is to be written.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def function(load: Load, case: ProbeInput) -> Yields:
    """Call conv2d_loops or conv2d_unfold, and run torch's autograd through it.

    settings  name ("conv2d_loops" or "conv2d_unfold"); stride, padding, dilation (default: not given);
              double: whether in float64 (default false)
    arrays    x (N, C, H, W), weight (F, C, K, K); bias (F,) (default: None); dout (N, F, H', W')
    yields    out, x_after; dx, dweight and dbias by autograd, None where no gradient arrives;
              reached       1 where a gradient arrives at each of them
    """
    yield from _tools().call_function(load("convolution"), case)


@probe
def autograd(load: Load, case: ProbeInput) -> Yields:
    """Run CustomConv2DFunction forward and backward.

    settings  stride, padding, dilation (default: not given); double, as above;
              channels_last: the memory layout of x (default false);
              relu: a ReLU in place follows (default false);
              loss: "weighted" by dout (default), or "sum" and "rows", whose gradients are expanded numbers;
              frozen: which of x, weight, bias need no gradient (default: none)
    arrays    x, weight, bias (default: None), dout, as above
    yields    out, x_after; dx, dweight, dbias as they arrive, None for what needs none;
              idle          what backward returned for those that need no gradient, and for the numbers: how
                            many of these are not None
              survives      1 where nothing raised RuntimeError after forward
              kept          bytes that are kept from forward to backward, divided by those of x and weight
    """
    yield from _tools().call_autograd(load("convolution"), case)


@probe
def layer(load: Load, case: ProbeInput) -> Yields:
    """Build CustomConv2d, and run it.

    settings  in_channels, out_channels, kernel_size; stride, padding, dilation, bias, groups (default: not
              given)
    arrays    x; weight, bias: set by load_state_dict (default: its own)
    yields    names         1 where the state_dict has the keys of nn.Conv2d's
              shape         of the weight
              out           None without weight
              spread        of the weight and of the bias as they begin, times sqrt(C * K * K): the largest
                            absolute value and the standard deviation of each
              dweight, dbias of out's sum of squares
    """
    yield from _tools().call_layer(load("convolution"), case)


@probe
def training(load: Load, case: ProbeInput) -> Yields:
    """Train SimpleNet(conv_op=CustomConv2d) for some steps, from given parameters.

    settings  steps, learning_rate
    arrays    images (N, 3, H, W), labels (N,); seed: of the parameters, which are nn.Conv2d's
    yields    losses (steps,)
    """
    yield from _tools().train(load("convolution"), load("simple_net"), case)


def _tools() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.custom_conv_tools")
