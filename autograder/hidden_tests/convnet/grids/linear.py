"""Linear's grid: samples of one to three axes, batches of one and more, every order of sizes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.convnet.grids.layer_snippet import layer_snippet
from autograder.hidden_tests.convnet.grids.windows import CALLS
from autograder.hidden_tests.grid import INPUT, OUTPUT, SETTING, Grid, Holds, by_size, setting, whole

ARGUMENTS = ("in_dim", "out_dim")
SAMPLES = ((1,), (2,), (3,), (1, 2), (2, 2), (3, 2), (1, 2, 2), (2, 1, 2), (2, 3, 2))


def linear_case(
    rng: np.random.Generator, shape: tuple[int, ...], outputs: int, *, repeats: int = 0, dtype: str = ""
) -> Case:
    """Return a case of `convnet.linear` on an x of `shape` in whole numbers."""
    inputs, dout = int(np.prod(shape[1:])), (shape[0], outputs)
    arrays = {
        "x": whole(rng, shape),
        "weight": whole(rng, (inputs, outputs), lowest=-4, highest=4),
        "bias": whole(rng, (outputs,)),
        "dout": whole(rng, dout),
    }
    if repeats:
        arrays |= {"x_before": whole(rng, shape), "dout_before": whole(rng, dout)}
    settings = {"in_dim": inputs, "out_dim": outputs, "backward": True, "repeats": repeats}
    return Case("convnet.linear", settings | ({"dtype": dtype} if dtype else {}), arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2027)
    for sample, batch, outputs in itertools.product(SAMPLES, (1, 2, 3), (1, 2, 3)):
        yield linear_case(rng, (batch, *sample), outputs)
    for sample, batch in itertools.product(SAMPLES, (1, 2)):
        yield linear_case(rng, (batch, *sample), 2, repeats=1)
        yield linear_case(rng, (batch, *sample), 3, dtype="float32" if batch == 1 else "")


SHAPES: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("there are several samples (N > 1)", "N = 1", INPUT), lambda case: len(case.arrays["x"]) > 1),
    (
        Attribute("samples have several axes", "samples are vectors already", INPUT),
        lambda case: case.arrays["x"].ndim > 2,
    ),
    (
        Attribute("samples have three axes", "samples have one or two axes", INPUT),
        lambda case: case.arrays["x"].ndim > 3,
    ),
    (
        Attribute("there are several outputs (out_dim > 1)", "out_dim = 1", OUTPUT),
        lambda case: setting(case, "out_dim") > 1,
    ),
    (
        Attribute("there are several inputs (in_dim > 1)", "in_dim = 1", INPUT),
        lambda case: setting(case, "in_dim") > 1,
    ),
    (
        Attribute("in_dim ≠ out_dim", "in_dim = out_dim", SETTING),
        lambda case: setting(case, "in_dim") != setting(case, "out_dim"),
    ),
    (
        Attribute("out_dim > in_dim", "out_dim is at most in_dim", SETTING),
        lambda case: setting(case, "out_dim") > setting(case, "in_dim"),
    ),
    (
        Attribute("N ≠ out_dim", "N = out_dim", INPUT),
        lambda case: len(case.arrays["x"]) != setting(case, "out_dim"),
    ),
    (
        Attribute("N ≠ in_dim", "N = in_dim", INPUT),
        lambda case: len(case.arrays["x"]) != setting(case, "in_dim"),
    ),
)
GRID = Grid(
    cases=by_size(_cases()),
    attributes=(*CALLS, *SHAPES),
    snippet=layer_snippet("modules.linear", "Linear", ARGUMENTS),
    after=dict.fromkeys(("dx", "dw", "db"), ("out",)),
)
