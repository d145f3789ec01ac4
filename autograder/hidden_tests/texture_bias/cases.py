"""The cases that the hidden tests of this lab run: seeded labels, images, galleries and error rates."""

from __future__ import annotations

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered

TOLERANCE = 1e-5
CLASSES = 5


@remembered
def conflict_case(seed: int, n: int, *, case_set: int = 0) -> Case:
    """Return a case of `texture_bias.conflict`."""
    return Case("texture_bias.conflict", {"n": n, "seed": 1000 * case_set + seed}, {})


@remembered
def bias_case(
    seed: int,
    images: int,
    *,
    classes: int = CLASSES,
    rows: int = 4,
    matches: float = 0.0,
    third: float = 0.3,
    only: str = "",
    case_set: int = 0,
) -> Case:
    """Return a case of `texture_bias.bias`.

    Args: rows     networks, each with a bias of its own;
          matches  share of the images whose shape and texture are of one class;
          third    share of the predictions that are for neither cue;
          only     "shapes" or "textures": the only cue that predictions follow; "neither": none.
    """
    rng = np.random.default_rng([seed, case_set])
    shapes = rng.integers(0, classes, size=(rows, images))
    textures = (shapes + rng.integers(1, classes, size=shapes.shape)) % classes
    if matches:
        is_match = rng.uniform(size=shapes.shape) < matches
        is_match[:, 0] = True  # at least one
        textures = np.where(is_match, shapes, textures)
    share = {"shapes": np.ones((rows, 1)), "textures": np.zeros((rows, 1))}.get(only)
    if share is None:
        share = rng.permutation(np.linspace(0.2, 0.8, rows))[:, None]
    follows = np.where(rng.uniform(size=shapes.shape) < share, shapes, textures)
    is_third = rng.uniform(size=shapes.shape) < (1 if only == "neither" else third)
    predictions = np.where(is_third, _third(rng, shapes, textures, classes), follows)
    predictions[:, -1] = follows[:, -1] if only != "neither" else predictions[:, -1]
    arrays: dict[str, Array] = {"predictions": predictions, "shapes": shapes, "textures": textures}
    return Case("texture_bias.bias", {}, arrays)


@remembered
def style_case(
    seed: int, shape: tuple[int, int, int, int] = (4, 3, 8, 8), *, edges: bool = False, case_set: int = 0
) -> Case:
    """Return a case of `texture_bias.style` with one painting, so that nothing is left to chance.

    Args: edges  images that reach 0 and 1, so that details go beyond.
    """
    rng = np.random.default_rng([seed, case_set])
    low, high = (0.0, 1.0) if edges else (0.35, 0.65)
    x = rng.uniform(low, high, size=shape)
    x += np.where(rng.uniform(size=(shape[0], 1, 1, 1)) < 0.5, -1, 1) * (0.4 if edges else 0.05)
    gallery = rng.uniform(*((0.0, 1.0) if edges else (0.4, 0.6)), size=(1, *shape[1:]))
    return Case("texture_bias.style", {"seed": seed}, _images(x=x.clip(0, 1), gallery=gallery))


@remembered
def style_draws_case(seed: int, copies: int, paintings: int, *, case_set: int = 0) -> Case:
    """Return a case of `texture_bias.style_draws`."""
    rng = np.random.default_rng([seed, case_set])
    x, gallery = rng.uniform(0.3, 0.7, size=(1, 3, 8, 8)), rng.uniform(0.4, 0.6, size=(paintings, 3, 8, 8))
    settings = {"seed": 1000 * case_set + seed, "copies": copies}
    return Case("texture_bias.style_draws", settings, _images(x=x, gallery=gallery))


@remembered
def corruption_case(
    seed: int,
    name: str,
    severity: int = 3,
    shape: tuple[int, int, int, int] = (3, 3, 12, 12),
    *,
    bright: float = 0.0,
    case_set: int = 0,
) -> Case:
    """Return a case of `texture_bias.corruption`; each channel of each image has a mean of its own."""
    rng = np.random.default_rng([seed, case_set])
    x = rng.uniform(0.1, 0.4, size=(*shape[:2], 1, 1)) + rng.uniform(0, 0.2, size=shape) + bright
    settings: dict[str, Setting] = {"name": name, "severity": severity, "seed": seed}
    return Case("texture_bias.corruption", settings, _images(x=x.clip(0, 1)))


@remembered
def noise_case(
    seed: int, name: str, severity: int, *, images: int = 20, side: int = 24, case_set: int = 0
) -> Case:
    """Return a case of `texture_bias.noise`."""
    settings: dict[str, Setting] = {"name": name, "severity": severity, "images": images, "side": side}
    return Case("texture_bias.noise", {**settings, "seed": 1000 * case_set + seed}, {})


@remembered
def error_case(
    seed: int, corruptions: int, *, rows: int = 4, is_reversed: bool = False, case_set: int = 0
) -> Case:
    """Return a case of `texture_bias.error`; errors grow with the severity."""
    rng = np.random.default_rng([seed, case_set])
    shape = (rows, corruptions, 5)
    arrays = {
        name: np.sort(rng.uniform(0.05, 0.8, size=shape), axis=2) * rng.uniform(0.2, 1, size=(*shape[:2], 1))
        for name in ("errors", "baseline")
    }
    return Case("texture_bias.error", {"reversed": is_reversed}, arrays)


def _images(**arrays: Array) -> dict[str, Array]:
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def _third(rng: np.random.Generator, shapes: Array, textures: Array, classes: int) -> Array:
    """Return a class per image that is neither that of its shape nor that of its texture."""
    order = rng.permuted(np.broadcast_to(np.arange(classes), (*shapes.shape, classes)), axis=-1)
    is_cue = (order == shapes[..., None]) | (order == textures[..., None])
    return np.asarray(np.take_along_axis(order, is_cue.argmin(axis=-1)[..., None], axis=-1)[..., 0])
