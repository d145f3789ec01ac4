"""MaxPooling's grid: windows of every kind, on entries of either sign, with and without ties."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case
from autograder.hidden_tests.convnet.grids.layer_snippet import layer_snippet
from autograder.hidden_tests.convnet.grids.windows import CALLS, INPUTS, OUTPUTS, SETTINGS, sizes
from autograder.hidden_tests.grid import DATA, Grid, Holds, by_size, whole

ARGUMENTS = ("kernel_size", "stride")


def pool_case(
    rng: np.random.Generator,
    size: tuple[int, int],
    kernel: int,
    stride: int,
    *,
    axes: tuple[int, int] = (1, 1),
    sign: int = 1,
    repeats: int = 0,
    dtype: str = "float64",
    ties: bool = False,
) -> Case:
    """Return a case of `convnet.max_pool` in whole numbers that all differ, or tie.

    Args: axes  N and C;
          sign  1 for positive entries, -1 for negative ones, 0 for both.
    """
    shape = (*axes, *size)
    outputs = (*axes, *((side - kernel) // stride + 1 for side in size))
    arrays = {"x": _entries(rng, shape, sign, ties=ties), "dout": whole(rng, outputs)}
    if repeats:
        arrays |= {"x_before": _entries(rng, shape, sign, ties=ties), "dout_before": whole(rng, outputs)}
    settings = {"kernel_size": kernel, "stride": stride, "backward": True, "repeats": repeats}
    return Case("convnet.max_pool", settings | ({"dtype": dtype} if dtype == "float32" else {}), arrays)


def _entries(rng: np.random.Generator, shape: tuple[int, ...], sign: int, *, ties: bool) -> Array:
    count = int(np.prod(shape))
    if ties:
        return whole(rng, shape, lowest=1, highest=2)
    values = 1.0 + rng.permutation(count).reshape(shape)
    return values * sign if sign else values - count // 2


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2025)
    shapes = ((1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (3, 4), (4, 3))
    for kernel, size, stride in itertools.product((1, 2), shapes, (1, 2)):
        if min(size) >= kernel:
            yield pool_case(rng, size, kernel, stride)
    for kernel, stride, sign in itertools.product((1, 2, 3), (1, 2, 3), (-1, 0, 1)):
        for wider, higher in ((0, 0), (1, 0), (0, 2), (3, 1)):
            height, width = (kernel + extra + int(rng.integers(0, 3)) for extra in (higher, wider))
            size = (height, height) if wider == higher else (height, width)
            n, c = (int(axis) for axis in rng.integers(1, 3, size=2))
            more = int(rng.integers(0, 8))
            yield pool_case(
                rng, size, kernel, stride,
                axes=(n, c), sign=sign, repeats=int(more == 0), dtype="float32" if more == 1 else "float64",
            )  # fmt: skip
    for size in ((2, 2), (2, 4), (4, 2), (4, 4), (6, 4), (4, 6), (6, 6)):
        yield pool_case(rng, size, 2, 2, ties=True)


def _windows(case: Case) -> list[Array]:
    """Return the windows of x, each (N, C, K, K)."""
    z, x = sizes(case), case.arrays["x"]
    return [
        x[:, :, i * z.stride :, j * z.stride :][:, :, : z.kernel, : z.kernel]
        for i, j in np.ndindex(z.out_height, z.out_width)
    ]


def _wins_often(case: Case) -> bool:
    """Tell whether one entry is the maximum of several windows."""
    z, x = sizes(case), case.arrays["x"]
    places = np.arange(z.height * z.width).reshape(z.height, z.width)
    for image in x.reshape(-1, z.height, z.width):
        won = []
        for i, j in np.ndindex(z.out_height, z.out_width):
            rows = slice(i * z.stride, i * z.stride + z.kernel)
            columns = slice(j * z.stride, j * z.stride + z.kernel)
            won.append(int(places[rows, columns].reshape(-1)[image[rows, columns].argmax()]))
        if len(set(won)) < len(won):
            return True
    return False


def _ties(case: Case) -> bool:
    flat = [window.reshape(*window.shape[:2], -1) for window in _windows(case)]
    return any(bool(((w == w.max(axis=-1, keepdims=True)).sum(axis=-1) > 1).any()) for w in flat)


def gradient_by_window(case: Case, dx: Array) -> Array:
    """Return dx, or where entries tie what each window passes to its maxima, and to the rest of it.

    Which of tied maxima gets the gradient is the student's choice. Windows of such a case lie side by side.
    """
    if not _ties(case):
        return dx
    z = sizes(case)
    tiled = (z.batch, z.channels, z.out_height, z.kernel, z.out_width, z.kernel)
    windows, gradients = (array.reshape(tiled) for array in (case.arrays["x"], dx))
    is_maximum = windows == windows.max(axis=(3, 5), keepdims=True)
    won = np.where(is_maximum, gradients, 0.0).sum(axis=(3, 5))
    return np.stack([won, np.where(is_maximum, 0.0, np.abs(gradients)).sum(axis=(3, 5))])


VALUES: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("one entry is the maximum of several windows", "every entry wins one window at most", DATA),
        _wins_often,
    ),
    (
        Attribute("all entries of x are negative", "x has positive entries", DATA),
        lambda case: bool((case.arrays["x"] < 0).all()),
    ),
    (
        Attribute("x has negative entries", "all entries of x are positive", DATA),
        lambda case: bool((case.arrays["x"] < 0).any()),
    ),
    (
        Attribute("some window has a negative maximum", "every window has a positive maximum", DATA),
        lambda case: any(bool((w.max(axis=(2, 3)) < 0).any()) for w in _windows(case)),
    ),
    (Attribute("two entries tie for the maximum of a window", "no two entries tie", DATA), _ties),
)
GRID = Grid(
    cases=by_size(_cases()),
    attributes=(*CALLS, *VALUES, *OUTPUTS, *INPUTS, *SETTINGS),
    snippet=layer_snippet("modules.max_pool", "MaxPooling", ARGUMENTS),
    after={"dx": ("out",)},
    views={"dx": gradient_by_window},
)
