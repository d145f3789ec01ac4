"""The cases that the hidden tests of part 2 run: seeded arrays of float32, of sizes that differ by axis.

Inputs are scaled so that the numbers before an activation are of the order of 1: there sigmoid, tanh and ReLU
are far apart. A right answer in float32, in whatever order it adds up, stays within `TOLERANCE`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered

TOLERANCE = 3e-5


@remembered
def twolayer_case(
    seed: int,
    shape: tuple[int, ...],
    *,
    hidden: int = 256,
    classes: int = 10,
    backward: bool = False,
    twins: bool = False,
    even: bool = True,
    case_set: int = 0,
) -> Case:
    """Return a case of `pytorch.twolayer` on an x of `shape` (N, C, H, W); for `twins` see `_images`.

    With `even` weights a hidden unit weighs all its inputs alike: the order in which an image is flattened
    then does not matter, and has a test of its own.
    """
    rng = np.random.default_rng([seed, case_set])
    inputs = int(np.prod(shape[1:]))
    arrays = {
        "x": _images(rng, shape, twins=twins),
        "weight_0": _layer(rng, (hidden, inputs), 2.0 / np.sqrt(inputs), even=even),
        "bias_0": _normal(rng, (hidden,)),
        "weight_1": _normal(rng, (classes, hidden)),
        "bias_1": _normal(rng, (classes,)),
    }
    if backward:
        arrays["dout"] = _normal(rng, (shape[0], classes))
    return Case(
        "pytorch.twolayer", {"input_dim": inputs, "hidden_size": hidden, "num_classes": classes}, arrays
    )


@remembered
def cnn_case(
    seed: int,
    *,
    batch: int = 2,
    backward: bool = False,
    twins: bool = False,
    even: bool = True,
    case_set: int = 0,
) -> Case:
    """Return a case of `pytorch.vanilla_cnn` on `batch` images; for `twins` see `_images`.

    With `even` weights a score weighs all features alike, as in `twolayer_case`.
    """
    rng = np.random.default_rng([seed, case_set])
    arrays = {
        "x": _images(rng, (batch, 3, 32, 32), twins=twins),
        "weight_0": _normal(rng, (32, 3, 7, 7), 1.0 / np.sqrt(147)),
        "bias_0": _normal(rng, (32,)) - np.float32(0.8),  # many windows are negative throughout
        # Features are not negative: their sum is far larger than a sum with weights of both signs.
        "weight_1": _layer(rng, (10, 5408), 1.0 / (1000 if even else np.sqrt(5408)), even=even),
        "bias_1": _normal(rng, (10,)),
    }
    if backward:
        arrays["dout"] = _normal(rng, (batch, 10))
    return Case("pytorch.vanilla_cnn", {}, arrays)


@remembered
def my_model_case(seed: int, *, case_set: int = 0) -> Case:
    """Return a case of `pytorch.my_model` on six images, of which only two differ."""
    rng = np.random.default_rng([seed, case_set])
    return Case("pytorch.my_model", {}, {"x": _images(rng, (6, 3, 32, 32), twins=True)})


@remembered
def reweight_case(
    counts: Sequence[int],
    beta: float | None = None,
    *,
    case_set: int = 0,
) -> Case:
    """Return a case of `pytorch.reweight`; without `beta` the function's own default is used.

    Further case sets have fewer samples of each class, in another order: their ratios stay, so that bugs
    show as clearly.
    """
    settings: dict[str, Setting] = {} if beta is None else {"beta": beta}
    drawn = np.array(counts, dtype=np.int64)
    if case_set:
        rng = np.random.default_rng([*counts, case_set])
        factors = rng.uniform(0.6, 0.95) * rng.uniform(0.97, 1.03, size=len(counts))
        drawn = rng.permutation(np.maximum(1, np.rint(drawn * factors).astype(np.int64)))
    return Case("pytorch.reweight", settings, {"counts": drawn})


@remembered
def focal_case(
    seed: int,
    shape: tuple[int, int],
    *,
    gamma: float = 0.0,
    weighted: bool = False,
    shift: float = 0.0,
    labels: Sequence[int] | None = None,
    case_set: int = 0,
) -> Case:
    """Return a case of `pytorch.focal_loss` on scores of `shape` (N, C); probabilities are far from 0 and 1.

    Args: weighted  weights between 0.3 and 3, which do not add up to C; otherwise they are all 1;
          shift     added to all scores, which changes no probability;
          labels    of the N samples (default: drawn).
    """
    rng = np.random.default_rng([seed, case_set])
    batch, classes = shape
    drawn = rng.integers(0, classes, size=batch)
    weight = rng.uniform(0.3, 3.0, size=classes) if weighted else np.ones(classes)
    arrays: dict[str, Array] = {
        "input": _normal(rng, shape) + np.float32(shift),
        "target": drawn if labels is None else np.array(labels, dtype=np.int64),
        "weight": np.asarray(weight, dtype=np.float32),
    }
    return Case("pytorch.focal_loss", {"gamma": gamma}, arrays)


@remembered
def solver_case(
    seed: int,
    *,
    training: bool = True,
    steps: int = 1,
    learning_rate: float = 0.5,
    momentum: float = 0.0,
    reg: float = 0.0,
    case_set: int = 0,
) -> Case:
    """Return a case of `pytorch.solver_step`: batches of 9, 10, ... samples on a linear model of 7 to 6."""
    rng = np.random.default_rng([seed, case_set])
    arrays: dict[str, Array] = {"weight": _normal(rng, (6, 7)), "bias": _normal(rng, (6,))}
    for step in range(steps):
        arrays[f"data_{step}"] = _normal(rng, (9 + step, 7))
        arrays[f"target_{step}"] = rng.integers(0, 6, size=9 + step)
    settings: dict[str, Setting] = {
        "training": training,
        "learning_rate": learning_rate,
        "momentum": momentum,
        "reg": reg,
        "steps": steps,
    }
    return Case("pytorch.solver_step", settings, arrays)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0) -> Array:
    return (scale * rng.normal(size=shape)).astype(np.float32)


def _layer(rng: np.random.Generator, shape: tuple[int, int], scale: float, *, even: bool) -> Array:
    """Return weights (outputs, inputs); `even` ones are the same for all inputs of an output."""
    if not even:
        return _normal(rng, shape, scale)
    return np.repeat(_normal(rng, (shape[0], 1), scale), shape[1], axis=1)


def _images(rng: np.random.Generator, shape: tuple[int, ...], *, twins: bool) -> Array:
    """Return images of `shape` (N, ...); with `twins` half of them are one image, half another.

    Which half an image belongs to is drawn: only who looks at the images can tell.
    """
    if not twins:
        return _normal(rng, shape)
    two = _normal(rng, (2, *shape[1:])) * np.array([0.6, 1.8], np.float32).reshape(2, *[1] * len(shape[1:]))
    return np.ascontiguousarray(two[rng.permutation(np.arange(shape[0]) % 2)])
