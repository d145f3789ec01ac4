"""Conv2D's grid: images of one to six pixels a side, square and not, every kernel, stride and padding."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.convnet.grids.layer_snippet import layer_snippet
from autograder.hidden_tests.convnet.grids.windows import CALLS, INPUTS, OUTPUTS, SETTINGS, on, sizes
from autograder.hidden_tests.grid import INPUT, SETTING, Grid, Holds, by_size, setting, whole

ARGUMENTS = ("in_channels", "out_channels", "kernel_size", "stride", "padding")


def conv_case(
    rng: np.random.Generator,
    size: tuple[int, int],
    kernel: int,
    stride: int,
    padding: int,
    *,
    axes: tuple[int, int, int] = (1, 1, 1),
    repeats: int = 0,
    dtype: str = "float64",
) -> Case:
    """Return a case of `convnet.conv2d` in whole numbers; `axes` are N, C and F."""
    batch, channels, filters = axes
    outputs = tuple((side + 2 * padding - kernel) // stride + 1 for side in size)
    shapes = {"x": (batch, channels, *size), "dout": (batch, filters, *outputs)}
    arrays = {
        "x": whole(rng, shapes["x"]),
        "weight": whole(rng, (filters, channels, kernel, kernel), lowest=-4, highest=4),
        "bias": whole(rng, (filters,)),
        "dout": whole(rng, shapes["dout"]),
    }
    if repeats:
        arrays |= {f"{name}_before": whole(rng, shape) for name, shape in shapes.items()}
    values = (channels, filters, kernel, stride, padding)
    settings = {**dict(zip(ARGUMENTS, values, strict=True)), "backward": True, "repeats": repeats}
    return Case("convnet.conv2d", settings | ({"dtype": dtype} if dtype == "float32" else {}), arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2024)
    for kernel, size, stride, padding in itertools.product(
        (1, 2), ((1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3)), (1, 2), (0, 1)
    ):
        if min(size) + 2 * padding >= kernel:
            yield conv_case(rng, size, kernel, stride, padding)
    for kernel, stride, padding in itertools.product((1, 2, 3, 4), (1, 2, 3), (0, 1, 2)):
        least = max(1, kernel - 2 * padding)
        for wider, higher in ((0, 0), (1, 0), (0, 2), (3, 1)):
            height, width = (least + extra + int(rng.integers(0, 3)) for extra in (higher, wider))
            size = (height, height) if wider == higher else (height, width)
            n, c, f = (int(axis) for axis in rng.integers(1, 3, size=3))
            more = int(rng.integers(0, 8))
            yield conv_case(
                rng, size, kernel, stride, padding,
                axes=(n, c, f), repeats=int(more == 0), dtype="float32" if more == 1 else "float64",
            )  # fmt: skip


FILTERS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("there are several filters (F > 1)", "F = 1", INPUT),
        lambda case: setting(case, "out_channels") > 1,
    ),
    (
        Attribute("C ≠ F", "C = F", INPUT),
        lambda case: setting(case, "out_channels") != setting(case, "in_channels"),
    ),
    (Attribute("padding is above 0", "padding is 0", SETTING), on(lambda z: z.padding > 0)),
    (Attribute("padding is above 1", "padding is 0 or 1", SETTING), on(lambda z: z.padding > 1)),
    (
        Attribute("padding is at least K", "padding is below K", SETTING),
        on(lambda z: z.padding >= z.kernel),
    ),
    (
        Attribute(
            "padding is not half the kernel", "padding is half the kernel (K = 2·padding + 1)", SETTING
        ),
        on(lambda z: z.kernel != 2 * z.padding + 1),
    ),
    (
        Attribute(
            "the kernel is smaller than the padded image", "the kernel fills the padded image", SETTING
        ),
        lambda case: (
            min(sizes(case).height, sizes(case).width) + 2 * sizes(case).padding > sizes(case).kernel
        ),
    ),
)
GRID = Grid(
    cases=by_size(_cases()),
    attributes=(*CALLS, *OUTPUTS, *INPUTS, *FILTERS, *SETTINGS),
    snippet=layer_snippet("modules.convolution", "Conv2D", ARGUMENTS),
    after=dict.fromkeys(("dx", "dw", "db"), ("out",)),
)
