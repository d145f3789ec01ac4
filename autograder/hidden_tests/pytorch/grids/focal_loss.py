"""FocalLoss's grid: small batches, every gamma, weights that are equal or different, shifted scores."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case
from autograder.hidden_tests.grid import DATA, INPUT, SETTING, Grid, Holds, by_size
from autograder.hidden_tests.snippets import tensor

GAMMAS = (0.0, 0.5, 1.0, 2.0)
SHAPES = ((1, 2), (2, 2), (1, 3), (2, 3), (3, 2), (3, 4), (5, 3))


def focal_case(
    rng: np.random.Generator, shape: tuple[int, int], gamma: float, *, weights: str, shift: float = 0.0
) -> Case:
    """Return a case of `pytorch.focal_loss`.

    Args: weights  "ones", "equal" (all 2) or "different";
          shift    added to all scores, which changes no probability.
    """
    batch, classes = shape
    arrays: dict[str, Array] = {
        "input": (rng.integers(-2, 3, size=shape) + shift).astype(np.float32),
        "target": rng.integers(0, classes, size=batch),
    }
    different = 0.5 * rng.permutation(np.arange(1, classes + 1))
    weight = {"ones": np.ones(classes), "equal": np.full(classes, 2.0)}.get(weights, different)
    arrays["weight"] = weight.astype(np.float32)
    return Case("pytorch.focal_loss", {"gamma": gamma}, arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2030)
    for shape, gamma in itertools.product(SHAPES, GAMMAS):
        yield focal_case(rng, shape, gamma, weights="ones")
        yield focal_case(rng, shape, gamma, weights="different")
        yield focal_case(rng, shape, gamma, weights="equal")
    for shape, gamma in itertools.product(SHAPES[:4], GAMMAS):
        yield focal_case(rng, shape, gamma, weights="different", shift=10.0)


def _gamma(case: Case) -> float:
    gamma = case.settings["gamma"]
    assert isinstance(gamma, float)
    return gamma


def _weights(case: Case) -> Array:
    return case.arrays["weight"]


def _taken(case: Case) -> Array:
    return _weights(case)[case.arrays["target"]]


ATTRIBUTES: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("gamma is above 0", "gamma is 0", SETTING), lambda case: _gamma(case) > 0),
    (Attribute("gamma is not 1", "gamma is 1", SETTING), lambda case: _gamma(case) != 1),
    (Attribute("gamma is above 1", "gamma is at most 1", SETTING), lambda case: _gamma(case) > 1),
    (
        Attribute("gamma lies between 0 and 1", "gamma is 0 or at least 1", SETTING),
        lambda case: 0 < _gamma(case) < 1,
    ),
    (
        Attribute("there are several samples (N > 1)", "N = 1", INPUT),
        lambda case: len(case.arrays["target"]) > 1,
    ),
    (
        Attribute("there are more than two classes (C > 2)", "C = 2", INPUT),
        lambda case: case.arrays["input"].shape[1] > 2,
    ),
    (
        Attribute("N ≠ C", "N = C", INPUT),
        lambda case: len(case.arrays["target"]) != case.arrays["input"].shape[1],
    ),
    (
        Attribute("the classes' weights differ", "all classes have the same weight", DATA),
        lambda case: len(set(_weights(case).tolist())) > 1,
    ),
    (
        Attribute("not all weights are 1", "all weights are 1", DATA),
        lambda case: bool((_weights(case) != 1).any()),
    ),
    (
        Attribute("the samples' weights do not add up to N", "the samples' weights add up to N", DATA),
        lambda case: abs(float(_taken(case).sum()) - len(_taken(case))) > 1e-6,
    ),
    (
        Attribute("the samples have different weights", "all samples have the same weight", DATA),
        lambda case: len(set(_taken(case).tolist())) > 1,
    ),
    (
        Attribute("some label is not 0", "all labels are 0", DATA),
        lambda case: bool(case.arrays["target"].any()),
    ),
    (
        Attribute("some class has no sample", "every class has a sample", DATA),
        lambda case: len(set(case.arrays["target"].tolist())) < case.arrays["input"].shape[1],
    ),
    (
        Attribute("scores are above 5", "no score is above 5", DATA),
        lambda case: bool((np.abs(case.arrays["input"]) > 5).any()),
    ),
)


def write_lines(case: Case, output: str) -> str:
    """Return the lines that compute the loss of `case`, and its gradient."""
    weight = f"weight={tensor(case.arrays['weight'])}, "
    lines = ["import torch", "from losses import FocalLoss", ""]
    lines.append(f"criterion = FocalLoss({weight}gamma={case.settings['gamma']})")
    lines.append(f"scores = {tensor(case.arrays['input'])}.requires_grad_()")
    lines.append(f"loss = criterion(scores, {tensor(case.arrays['target'])})")
    if output == "dinput":
        lines += ["loss.backward()", "print(scores.grad)"]
    else:
        shown = {"has_graph": "loss.requires_grad", "input_after": "scores"}
        lines.append(f"print({shown.get(output, 'loss')})")
    return "\n".join(lines)


GRID = Grid(
    cases=by_size(_cases()),
    attributes=ATTRIBUTES,
    snippet=write_lines,
    after={"dinput": ("loss", "has_graph")},
    tolerance=3e-4,
)
