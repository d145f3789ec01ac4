"""TwoLayerNet's grid: images of every shape, hidden layers smaller and larger than input and output."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.grid import INPUT, Grid, Holds, by_size, setting, whole
from autograder.hidden_tests.pytorch.grids.model_snippet import model_lines

SIZES = ("input_dim", "hidden_size", "num_classes")


def twolayer_case(
    rng: np.random.Generator, shape: tuple[int, ...], hidden: int, classes: int, *, scale: float = 0.25
) -> Case:
    """Return a case of `pytorch.twolayer`: whole numbers, of which `scale` keeps the sigmoid open."""
    inputs = int(np.prod(shape[1:]))
    arrays = {
        "x": whole(rng, shape, lowest=-2, highest=2),
        "weight_0": whole(rng, (hidden, inputs), lowest=-3, highest=3) * scale,
        "bias_0": whole(rng, (hidden,), lowest=-2, highest=2),
        "weight_1": whole(rng, (classes, hidden), lowest=-4, highest=4),
        "bias_1": whole(rng, (classes,)),
        "dout": whole(rng, (shape[0], classes), lowest=-4, highest=4),
    }
    settings = dict(zip(SIZES, (inputs, hidden, classes), strict=True))
    return Case(
        "pytorch.twolayer", settings, {name: each.astype(np.float32) for name, each in arrays.items()}
    )


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2031)
    images = ((1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 2, 2), (3, 1, 2), (3, 2, 2))
    for image, batch, (hidden, classes) in itertools.product(
        images, (1, 2, 3), ((3, 2), (2, 3), (5, 3), (3, 5))
    ):
        if int(np.prod(image)) != hidden:  # else which way round a weight lies could not be told
            yield twolayer_case(rng, (batch, *image), hidden, classes)


ATTRIBUTES: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("there are several images (N > 1)", "N = 1", INPUT), lambda case: len(case.arrays["x"]) > 1),
    (
        Attribute("there are several channels", "there is one channel", INPUT),
        lambda case: case.arrays["x"].shape[1] > 1,
    ),
    (Attribute("H ≠ W", "H = W", INPUT), lambda case: case.arrays["x"].shape[2] != case.arrays["x"].shape[3]),
    (
        Attribute("an image has more than one number", "an image is one number", INPUT),
        lambda case: setting(case, "input_dim") > 1,
    ),
    (
        Attribute("N ≠ num_classes", "N = num_classes", INPUT),
        lambda case: len(case.arrays["x"]) != setting(case, "num_classes"),
    ),
)


def write_lines(case: Case, output: str) -> str:
    """Return the lines that run TwoLayerNet on `case`."""
    built = f"TwoLayerNet({', '.join(str(case.settings[name]) for name in SIZES)})"
    return model_lines(case, output, module="models", built=built)


GRID = Grid(
    cases=by_size(_cases()),
    attributes=ATTRIBUTES,
    snippet=write_lines,
    after=dict.fromkeys(("dx", "dweight", "dbias", "reached"), ("out",)),
    tolerance=3e-4,
)
