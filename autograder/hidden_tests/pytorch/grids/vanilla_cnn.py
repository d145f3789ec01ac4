"""VanillaCNN's grid: few cases, because its sizes are fixed, on images that are one number everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.grid import DATA, INPUT, Grid, Holds, by_size
from autograder.hidden_tests.pytorch.grids.model_snippet import model_lines


def cnn_case(batch: int, pixel: float, bias: float) -> Case:
    """Return a case of `pytorch.vanilla_cnn` in which every window gives 147/64 · pixel + bias."""
    arrays = {
        "x": np.full((batch, 3, 32, 32), pixel),
        "weight_0": np.full((32, 3, 7, 7), 1 / 64),
        "bias_0": np.full(32, bias),
        "weight_1": np.full((10, 5408), 1 / 1024),
        "bias_1": np.arange(10.0),
        "dout": np.ones((batch, 10)),
    }
    return Case("pytorch.vanilla_cnn", {}, {name: each.astype(np.float32) for name, each in arrays.items()})


def _cases() -> Iterator[Case]:
    for pixel in (1.0, -1.0, 2.0):
        for bias in (1.0, -1.0):
            for batch in (1, 2):
                yield cnn_case(batch, pixel, bias)


ATTRIBUTES: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("there are several images (N > 1)", "N = 1", INPUT), lambda case: len(case.arrays["x"]) > 1),
    (
        Attribute("what the convolution gives is negative", "what the convolution gives is positive", DATA),
        lambda case: float(147 / 64 * case.arrays["x"].flat[0] + case.arrays["bias_0"][0]) < 0,
    ),
    (
        Attribute("the pixels are negative", "the pixels are positive", DATA),
        lambda case: bool(case.arrays["x"].flat[0] < 0),
    ),
)


def write_lines(case: Case, output: str) -> str:
    """Return the lines that run VanillaCNN on `case`."""
    return model_lines(case, output, module="models", built="VanillaCNN()")


GRID = Grid(
    cases=by_size(_cases()),
    attributes=ATTRIBUTES,
    snippet=write_lines,
    after=dict.fromkeys(("dx", "dweight", "dbias", "reached"), ("out",)),
    tolerance=3e-4,
)
