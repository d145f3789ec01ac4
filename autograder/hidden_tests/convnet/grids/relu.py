"""ReLU's grid: arrays of one to four axes, with entries of either sign, large ones and zeros."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case
from autograder.hidden_tests.convnet.grids.layer_snippet import layer_snippet
from autograder.hidden_tests.convnet.grids.windows import CALLS
from autograder.hidden_tests.grid import DATA, INPUT, Grid, Holds, by_size, whole

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 2), (2, 1, 2, 2), (1, 2, 2, 3), (2, 2, 3, 2))


def relu_case(
    rng: np.random.Generator, shape: tuple[int, ...], *, kind: str, repeats: int = 0, dtype: str = ""
) -> Case:
    """Return a case of `convnet.relu`; `kind` is "small", "large", "negative", "positive" or "zeros"."""

    def entries() -> Array:
        values = whole(rng, shape, lowest=-4, highest=4)
        if kind in ("negative", "positive"):
            return np.abs(values) * (1.0 if kind == "positive" else -1.0)
        return (
            values
            * {"large": 25.0, "small": 0.5}.get(kind, 1.0)
            * (kind != "zeros" or rng.random(shape) < 0.6)
        )

    arrays = {"x": entries(), "dout": whole(rng, shape)}
    if repeats:
        arrays |= {"x_before": entries(), "dout_before": whole(rng, shape)}
    settings = {"backward": True, "repeats": repeats} | ({"dtype": dtype} if dtype else {})
    return Case("convnet.relu", settings, arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2026)
    for shape in SHAPES:
        for kind in ("small", "large", "negative", "positive", "zeros"):
            yield relu_case(rng, shape, kind=kind)
        for kind in ("small", "large"):
            yield relu_case(rng, shape, kind=kind, repeats=1)
        yield relu_case(rng, shape, kind="small", dtype="float32")


def away_from_zero(case: Case, dx: Array) -> Array:
    """Return dx without the entries where x is 0: the slope there is the student's choice."""
    return np.where(case.arrays["x"] == 0, 0.0, dx)


VALUES: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("x has negative entries", "x has no negative entries", DATA),
        lambda case: bool((case.arrays["x"] < 0).any()),
    ),
    (
        Attribute("x has positive entries", "x has no positive entries", DATA),
        lambda case: bool((case.arrays["x"] > 0).any()),
    ),
    (
        Attribute("x has entries above 6", "no entry of x is above 6", DATA),
        lambda case: bool((case.arrays["x"] > 6).any()),
    ),
    (
        Attribute("x has entries above 1", "no entry of x is above 1", DATA),
        lambda case: bool((case.arrays["x"] > 1).any()),
    ),
    (Attribute("x has zeros", "x has no zeros", DATA), lambda case: bool((case.arrays["x"] == 0).any())),
    (
        Attribute("dout has negative entries", "dout has no negative entries", DATA),
        lambda case: bool((case.arrays["dout"] < 0).any()),
    ),
    (
        Attribute("x has four axes", "x has two axes", INPUT),
        lambda case: case.arrays["x"].ndim == 4,
    ),
    (Attribute("there are several samples (N > 1)", "N = 1", INPUT), lambda case: len(case.arrays["x"]) > 1),
)
GRID = Grid(
    cases=by_size(_cases()),
    attributes=(*CALLS, *VALUES),
    snippet=layer_snippet("modules.relu", "ReLU", ()),
    after={"dx": ("out",)},
    views={"dx": away_from_zero},
)
