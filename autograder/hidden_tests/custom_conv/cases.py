"""The cases that the hidden tests of this lab run: seeded arrays whose axes all differ.

Sizes are such that seven plain loops over tensors pass in a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered

TOLERANCE = 3e-5  # of float32, in whatever order a sum is added up
EXACT = 1e-11  # of float64: far below what float32 can do


@dataclass(frozen=True)
class Shape:
    """Images (N, C, H, W), F filters of K x K, and how they are laid on."""

    x: tuple[int, int, int, int]
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def out(self) -> tuple[int, int, int, int]:
        """Return the shape (N, F, H', W') of the output."""
        reach = self.dilation * (self.kernel - 1) + 1
        sides = [(side + 2 * self.padding - reach) // self.stride + 1 for side in self.x[2:]]
        return (self.x[0], self.filters, sides[0], sides[1])


# Square images, 3 x 3 filters, stride 1, no padding, no dilation: each of the others has one property more.
PLAIN = (Shape((2, 3, 6, 6), 4, 3), Shape((3, 2, 7, 7), 5, 3))
PADDED = (Shape((2, 3, 5, 5), 4, 3, padding=1), Shape((2, 2, 5, 5), 3, 3, padding=2))
STRIDES = (Shape((2, 2, 7, 7), 3, 3, stride=2), Shape((2, 3, 9, 9), 4, 3, stride=3))
LEFTOVERS = (Shape((2, 2, 8, 8), 3, 3, stride=2), Shape((2, 3, 7, 7), 4, 3, stride=3))
DILATED = (Shape((2, 2, 7, 7), 3, 3, dilation=2), Shape((2, 3, 9, 9), 2, 3, dilation=3))
KERNELS = (Shape((2, 2, 4, 4), 3, 1), Shape((2, 3, 5, 5), 2, 2), Shape((2, 2, 5, 5), 3, 5))
NOT_SQUARE = (Shape((2, 2, 5, 7), 3, 3), Shape((2, 3, 8, 6), 2, 3))
ALONE = (Shape((1, 3, 6, 6), 2, 3), Shape((2, 1, 6, 6), 3, 3), Shape((2, 3, 6, 6), 1, 3))
AT_ONCE = (
    Shape((2, 3, 9, 7), 2, 2, stride=3, padding=1, dilation=2),
    Shape((1, 2, 7, 10), 3, 4, stride=2, padding=2),
)
# What only a whole Function is asked: it may take more than loops can.
WIDE = (Shape((2, 9, 6, 6), 5, 3), Shape((3, 10, 7, 7), 4, 3))
MANY = (
    *AT_ONCE,
    Shape((2, 9, 9, 9), 4, 5, stride=1, padding=2),
    Shape((2, 3, 11, 11), 4, 7, stride=2, padding=3),
    Shape((2, 9, 5, 8), 3, 3, padding=2, dilation=2),
    Shape((2, 9, 9, 9), 3, 3, padding=2, dilation=2),
    Shape((2, 10, 9, 9), 3, 4, padding=3),
    Shape((1, 9, 4, 4), 2, 6, padding=1),
)


@remembered
def function_case(
    name: str, seed: int, shape: Shape, *, bias: bool = True, defaults: bool = False, case_set: int = 0
) -> Case:
    """Return a case of `custom_conv.function`; with `defaults`, the settings are not given."""
    settings: dict[str, Setting] = {"name": name, **({} if defaults else _laid_on(shape))}
    return Case("custom_conv.function", settings, _arrays(seed, shape, case_set, bias=bias))


@remembered
def autograd_case(
    seed: int,
    shape: Shape,
    *,
    bias: bool = True,
    defaults: bool = False,
    more: Sequence[tuple[str, Setting]] = (),
    case_set: int = 0,
) -> Case:
    """Return a case of `custom_conv.autograd`; `more` are further settings."""
    settings: dict[str, Setting] = {**({} if defaults else _laid_on(shape)), **dict(more)}
    kind = np.float64 if settings.get("double") else np.float32
    return Case("custom_conv.autograd", settings, _arrays(seed, shape, case_set, bias=bias, kind=kind))


@remembered
def layer_case(
    seed: int, shape: Shape, *, bias: bool = True, set_parameters: bool = True, case_set: int = 0
) -> Case:
    """Return a case of `custom_conv.layer`; without `set_parameters` the layer keeps its own."""
    settings: dict[str, Setting] = {
        "in_channels": shape.x[1], "out_channels": shape.filters, "kernel_size": shape.kernel,
        **_laid_on(shape), "bias": bias,
    }  # fmt: skip
    arrays = _arrays(seed, shape, case_set, bias=bias)
    wanted = ("x", "weight", "bias") if set_parameters else ("x",)
    return Case("custom_conv.layer", settings, {name: arrays[name] for name in wanted if name in arrays})


@remembered
def training_case(seed: int, *, steps: int, case_set: int = 0) -> Case:
    """Return a case of `custom_conv.training` on six small images."""
    rng = np.random.default_rng([seed, case_set])
    arrays: dict[str, Array] = {
        "images": rng.normal(size=(6, 3, 32, 32)).astype(np.float32),
        "labels": rng.integers(0, 10, size=6),
        "seed": np.array(seed),
    }
    return Case("custom_conv.training", {"steps": steps, "learning_rate": 0.005}, arrays)


def _laid_on(shape: Shape) -> dict[str, Setting]:
    return {"stride": shape.stride, "padding": shape.padding, "dilation": shape.dilation}


def _arrays(
    seed: int, shape: Shape, case_set: int, *, bias: bool, kind: type = np.float32
) -> dict[str, Array]:
    rng = np.random.default_rng([seed, case_set])
    channels, kernel = shape.x[1], shape.kernel
    scale = 1 / np.sqrt(channels * kernel**2)
    arrays: dict[str, Array] = {
        "x": rng.normal(size=shape.x),
        "weight": scale * rng.normal(size=(shape.filters, channels, kernel, kernel)),
    }
    if bias:
        arrays["bias"] = rng.normal(size=shape.filters)
    arrays["dout"] = rng.normal(size=shape.out)
    return {name: array.astype(kind) for name, array in arrays.items()}
