"""The cases that the hidden tests of part 1 run: seeded arrays, small enough for seven nested loops.

Sizes differ from axis to axis (N, C, F, K, H), so that no two axes can be mixed up unseen. Only H and W are
alike by default: images that are not square have tests of their own. Numbers are of the order of 1 and far
from ties and zeros, so that float32 arithmetic of a right answer stays within the tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered


@remembered
def conv_case(
    seed: int,
    *,
    batch: int = 2,
    channels: int = 3,
    filters: int = 4,
    size: tuple[int, int] = (7, 7),
    kernel: int = 3,
    stride: int = 1,
    padding: int = 0,
    backward: bool = False,
    repeats: int = 0,
    apart: bool = False,
    in_training: bool = False,
    channels_last: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.conv2d` on `batch` images of `size` (H, W).

    With `in_training`, earlier rounds have a larger batch and other parameters, as the last batch of an epoch
    finds them; with `channels_last`, x has the memory layout of (N, H, W, C).
    """
    rng = np.random.default_rng([seed, case_set])
    arrays = {
        "x": rng.normal(size=(batch, channels, *size)),
        "weight": rng.normal(size=(filters, channels, kernel, kernel)),
        "bias": 1.0 + rng.normal(size=filters),
    }
    outputs = [(side + 2 * padding - kernel) // stride + 1 for side in size]
    if backward:
        arrays["dout"] = rng.normal(size=(batch, filters, *outputs))
    if repeats:
        before = batch + 1 if in_training else batch
        arrays["x_before"] = rng.normal(size=(before, channels, *size))
        arrays["dout_before"] = rng.normal(size=(before, filters, *outputs))
    if in_training:
        arrays["weight_before"] = rng.normal(size=arrays["weight"].shape)
        arrays["bias_before"] = rng.normal(size=filters)
    settings = {
        "in_channels": channels,
        "out_channels": filters,
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "backward": backward,
        "repeats": repeats,
        "apart": apart,
        **({"channels_last": True} if channels_last else {}),
    }
    return Case("convnet.conv2d", settings, arrays)


@remembered
def pool_case(
    seed: int,
    *,
    batch: int = 2,
    channels: int = 3,
    size: tuple[int, int] = (6, 6),
    kernel: int = 2,
    stride: int = 2,
    highest: float = 5.0,
    backward: bool = False,
    repeats: int = 0,
    apart: bool = False,
    in_training: bool = False,
    channels_last: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.max_pool`; all entries of x differ, spread evenly over 4 up to `highest`.

    They are positive unless asked otherwise: who forgets negative windows should not fail everywhere. For
    `in_training` and `channels_last` see `conv_case`.
    """
    rng = np.random.default_rng([seed, case_set])
    shape = (batch, channels, *size)
    outputs = (batch, channels, *((side - kernel) // stride + 1 for side in size))
    arrays = {"x": _distinct(rng, shape, highest)}
    if backward:
        arrays["dout"] = rng.normal(size=outputs)
    if repeats:
        before = batch + 1 if in_training else batch
        arrays["x_before"] = _distinct(rng, (before, *shape[1:]), highest)
        arrays["dout_before"] = rng.normal(size=(before, *outputs[1:]))
    settings = {
        "kernel_size": kernel,
        "stride": stride,
        "backward": backward,
        "repeats": repeats,
        "apart": apart,
        **({"channels_last": True} if channels_last else {}),
    }
    return Case("convnet.max_pool", settings, arrays)


@remembered
def tied_pool_case(
    seed: int,
    *,
    case_set: int = 0,
) -> Case:
    """Return a 2x2/2 case in which two or more entries of every window share its maximum."""
    rng = np.random.default_rng([seed, case_set])
    pattern = [[1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]]  # three winners, two winners
    winners = rng.permuted(np.tile(pattern, (27, 1)), axis=1)  # (windows, entries of a window)
    levels = _distinct(rng, (54, 1), 6.0)
    windows = np.where(winners > 0, levels, levels - 1.0).reshape(2, 3, 3, 3, 2, 2)
    x = windows.transpose(0, 1, 2, 4, 3, 5).reshape(2, 3, 6, 6)
    settings = {"kernel_size": 2, "stride": 2, "backward": True, "repeats": 0}
    return Case("convnet.max_pool", settings, {"x": x, "dout": rng.normal(size=(2, 3, 3, 3))})


@remembered
def relu_case(
    seed: int,
    shape: tuple[int, ...],
    *,
    wide: bool = False,
    backward: bool = False,
    repeats: int = 0,
    apart: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.relu` on an array of `shape` without zeros; `wide`: sizes from 0.3 to 300."""
    rng = np.random.default_rng([seed, case_set])
    draw = _of_all_sizes if wide else _away_from_zero
    arrays = {"x": draw(rng, shape)}
    if backward:
        arrays["dout"] = draw(rng, shape)
    if repeats:
        arrays["x_before"] = _away_from_zero(rng, shape)
        arrays["dout_before"] = _away_from_zero(rng, shape)
    return Case("convnet.relu", {"backward": backward, "repeats": repeats, "apart": apart}, arrays)


@remembered
def linear_case(
    seed: int,
    shape: tuple[int, ...],
    *,
    outputs: int = 4,
    backward: bool = False,
    repeats: int = 0,
    apart: bool = False,
    in_training: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.linear` on an x of `shape` (N, d1, d2, ...); see `conv_case`."""
    rng = np.random.default_rng([seed, case_set])
    inputs = int(np.prod(shape[1:]))
    arrays = {
        "x": rng.normal(size=shape),
        "weight": rng.normal(size=(inputs, outputs)),
        "bias": 1.0 + rng.normal(size=outputs),
    }
    if backward:
        arrays["dout"] = rng.normal(size=(shape[0], outputs))
    if repeats:
        before = shape[0] + 1 if in_training else shape[0]
        arrays["x_before"] = rng.normal(size=(before, *shape[1:]))
        arrays["dout_before"] = rng.normal(size=(before, outputs))
    if in_training:
        arrays["weight_before"] = rng.normal(size=(inputs, outputs))
        arrays["bias_before"] = rng.normal(size=outputs)
    settings = {
        "in_dim": inputs,
        "out_dim": outputs,
        "backward": backward,
        "repeats": repeats,
        "apart": apart,
    }
    return Case("convnet.linear", settings, arrays)


CONV: Mapping[str, Setting] = {
    "type": "Conv2D",
    "in_channels": 2,
    "out_channels": 5,
    "kernel_size": 3,
    "stride": 1,
    "padding": 1,
}
POOL: Mapping[str, Setting] = {"type": "MaxPooling", "kernel_size": 2, "stride": 2}
RELU: Mapping[str, Setting] = {"type": "ReLU"}
LINEAR: Mapping[str, Setting] = {"type": "Linear", "in_dim": 24, "out_dim": 24}


@remembered
def convnet_case(
    seed: int,
    layers: Sequence[Mapping[str, Setting]],
    *,
    backward: bool = False,
    given: bool = False,
    repeats: int = 0,
    apart: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.convnet_from_dicts`; the stand-ins keep the shape, a Linear flattens it.

    Args: layers  module dicts, the last one a Linear;
          given   take the given SoftmaxCrossEntropy instead of its stand-in.
    """
    rng = np.random.default_rng([seed, case_set])
    arrays = {"x": rng.normal(size=(3, 2, 3, 4)), "y": rng.integers(0, 24, size=3)}
    if repeats:
        arrays["x_before"] = rng.normal(size=(3, 2, 3, 4))
        arrays["y_before"] = rng.integers(0, 24, size=3)
    # Drawn, so that an order is an answer to this case and not memorised.
    arrays["labels"] = rng.permutation(100)[: len(layers) + 1]
    settings: dict[str, Setting] = {
        "modules": [dict(layer) for layer in layers],
        "criterion": {"type": "SoftmaxCrossEntropy"},
        "given_criterion": given,
        "backward": backward,
        "repeats": repeats,
        "apart": apart,
    }
    return Case("convnet.convnet_from_dicts", settings, arrays)


def _distinct(rng: np.random.Generator, shape: tuple[int, ...], highest: float) -> Array:
    count = int(np.prod(shape))
    return (highest - 4.0 * rng.permutation(count) / count).reshape(shape)


def _of_all_sizes(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    values: Array = 10.0 ** rng.uniform(-0.5, 2.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return values


def _away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    values = rng.normal(size=shape)
    return values + 0.1 * np.where(values < 0, -1.0, 1.0)
