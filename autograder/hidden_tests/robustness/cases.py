"""The cases that the hidden tests of this lab run: images, and linear networks whose every gradient is known.

A gradient's sign is all that counts, and no gradient here is near 0: rounding cannot turn it.
"""

from __future__ import annotations

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered

TOLERANCE = 1e-5
PIXEL = 1 / 255
SMALL = (3, 3, 4, 5)  # N, C, H, W


@remembered
def attack_case(
    seed: int,
    shape: tuple[int, int, int, int] = SMALL,
    *,
    labels: bool = True,
    classes: int = 3,
    edges: bool = False,
    settings: tuple[tuple[str, Setting], ...] = (),
    case_set: int = 0,
) -> Case:
    """Return a case of `robustness.attack`.

    Args: labels    whether true labels are given;
          edges     images that reach to the ends of [lower, upper] instead of staying away from them;
          settings  of PGDAttack.
    """
    chosen: dict[str, Setting] = dict(settings)
    rng = np.random.default_rng([seed, case_set])
    low, high = float(chosen.get("lower", 0.0)), float(chosen.get("upper", 1.0))  # type: ignore[arg-type]
    inset = 0.0 if edges else 0.35 * (high - low)
    x = rng.uniform(low + inset, high - inset, size=shape)
    if edges:
        x = np.where(rng.uniform(size=shape) < 0.5, np.where(rng.uniform(size=shape) < 0.5, low, high), x)
    arrays: dict[str, Array] = {"x": x.astype(np.float32)}
    arrays.update(_network(rng, int(np.prod(shape[1:])), classes))
    if labels:
        arrays["labels"] = rng.integers(0, classes, size=shape[0])
    return Case("robustness.attack", chosen, arrays)


@remembered
def restarts_case(images: int, **settings: Setting) -> Case:
    """Return a case of `robustness.restarts`."""
    fixed: dict[str, Setting] = {"images": images, "epsilon": 0.1, "step_size": 0.05, "num_steps": 6}
    return Case("robustness.restarts", {**fixed, "random_start": True, **settings}, {})


@remembered
def manners_case(name: str, *, training: bool) -> Case:
    """Return a case of `robustness.manners`."""
    return Case("robustness.manners", {"name": name, "training": training}, {})


@remembered
def evaluation_case(seed: int, images: int, batch_size: int, *, case_set: int = 0) -> Case:
    """Return a case of `robustness.evaluation`; the attack changes about half of the predictions."""
    rng = np.random.default_rng([seed, case_set])
    shape = (images, *SMALL[1:])
    network = _network(rng, int(np.prod(shape[1:])), 3)
    x = rng.uniform(0.2, 0.8, size=shape).astype(np.float32)
    scores = x.reshape(images, -1) @ network["weight"].T + network["bias"]
    labels = np.where(rng.uniform(size=images) < 0.8, scores.argmax(axis=1), rng.integers(0, 3, size=images))
    shift = rng.uniform(-0.2, 0.2, size=shape[1:]).astype(np.float32)
    arrays: dict[str, Array] = {"x": x, "labels": labels.astype(np.int64), "shift": shift, **network}
    return Case("robustness.evaluation", {"batch_size": batch_size}, arrays)


@remembered
def saliency_case(seed: int, images: int, *, loss: str = "score", case_set: int = 0) -> Case:
    """Return a case of `robustness.saliency`."""
    rng = np.random.default_rng([seed, case_set])
    shape = (images, *SMALL[1:])
    arrays = {"x": rng.uniform(size=shape).astype(np.float32), **_network(rng, int(np.prod(shape[1:])), 4)}
    return Case("robustness.saliency", {"loss": loss}, arrays)


@remembered
def step_case(
    seed: int,
    *,
    steps: int = 1,
    images: int = 4,
    edges: bool = False,
    settings: tuple[tuple[str, Setting], ...] = (),
    case_set: int = 0,
) -> Case:
    """Return a case of `robustness.step`; `settings` are those of fast_adversarial_step."""
    rng = np.random.default_rng([seed, case_set])
    shape = (images, *SMALL[1:])
    arrays: dict[str, Array] = _network(rng, int(np.prod(shape[1:])), 2)
    for name in ("weight", "bias"):
        arrays[f"stale_{name}"] = rng.normal(size=arrays[name].shape).astype(np.float32)
    for step in range(steps):
        inset = 0.0 if edges else 0.35
        arrays[f"images_{step}"] = rng.uniform(inset, 1 - inset, size=shape).astype(np.float32)
        arrays[f"labels_{step}"] = rng.integers(0, 2, size=images)
    fixed: dict[str, Setting] = {"epsilon": 8 * PIXEL, "steps": steps, "learning_rate": 0.1}
    return Case("robustness.step", {**fixed, **dict(settings)}, arrays)


def _network(rng: np.random.Generator, inputs: int, classes: int) -> dict[str, Array]:
    """Return the weight and bias of a linear network, of which no two classes agree at any pixel."""
    weight = rng.permuted(np.linspace(-1, 1, classes)[:, None].repeat(inputs, axis=1), axis=0)
    weight *= rng.uniform(0.5, 1.5, size=(1, inputs)) / np.sqrt(inputs)
    return {"weight": 3 * weight.astype(np.float32), "bias": rng.normal(size=classes).astype(np.float32) / 3}
