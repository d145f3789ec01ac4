"""The cases that the hidden tests of this lab run: seeded images and weights, and settings of what draws."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered

TOLERANCE = 3e-5
FILTERS = (1, 16, 32)  # channels before each convolution


@remembered
def network_case(
    seed: int,
    shape: tuple[int, int, int],
    *,
    width: int | None = None,
    pooling: str | None = None,
    classes: int | None = None,
    even: bool = True,
    twins: bool = False,
    backward: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `resolution.variable` or, without a width, of `resolution.fixed`.

    Args: shape    (N, H, W) of the images, of which half are the same with `twins`;
          pooling  "max" or "mean"; None: the default, and so for classes, of which there are 10 then;
          even     a score of FixedNet weighs all its features alike: their order does not matter.
    """
    rng = np.random.default_rng([seed, case_set])
    count = classes or 10
    filters = (*FILTERS, width or 64)
    arrays: dict[str, Array] = {"x": _pixels(rng, (shape[0], 1, *shape[1:]), twins=twins)}
    for index, (inputs, outputs) in enumerate(pairwise(filters)):
        scale = (2 / (9 * inputs)) ** 0.5 * (3 if index == 0 else 1)
        arrays[f"weight_{index}"] = _normal(rng, (outputs, inputs, 3, 3), scale)
        arrays[f"bias_{index}"] = _normal(rng, (outputs,), 0.3)
    features = width or 576
    if width or not even:
        arrays["weight_3"] = _normal(rng, (count, features), features**-0.5)
    else:
        arrays["weight_3"] = np.repeat(_normal(rng, (count, 1), 1 / features), features, axis=1)
    arrays["bias_3"] = _normal(rng, (count,), 0.5)
    if backward:
        arrays["dout"] = _normal(rng, (shape[0], count), 1.0)
    settings: dict[str, Setting] = {}
    for name, value in (("width", width), ("pooling", pooling), ("num_classes", classes)):
        if value is not None and not (name == "width" and value == 81):
            settings[name] = value
    return Case("resolution.variable" if width else "resolution.fixed", settings, arrays)


@remembered
def counts_case(seed: int, *, case_set: int = 0, **settings: bool) -> Case:
    """Return a case of `resolution.counts` on eight networks."""
    rng = np.random.default_rng([seed, case_set])
    sides = rng.integers(2, 20, size=(8, 6))
    if settings.get("shared"):
        sides = np.repeat(sides[:, :1], 6, axis=1)
    layers = rng.permutation(np.arange(8) % 4 + 2)
    sides = np.where(np.arange(6) <= layers[:, None], sides, 0)
    chosen: dict[str, Setting] = dict(settings)
    return Case("resolution.counts", chosen, {"sides": sides})


@remembered
def widths_case(seed: int, *, exact: bool, case_set: int = 0) -> Case:
    """Return a case of `resolution.widths`.

    Args: exact  a network with exactly so many parameters exists; otherwise half of the targets are nearer to
                 the smaller one, half nearer to the larger one.
    """
    rng = np.random.default_rng([seed, case_set])
    targets = 4810 + 299 * rng.integers(2, 200, size=8)
    if not exact:
        targets += np.where(np.arange(8) % 2, 1, -1) * rng.integers(20, 149, size=8)
    return Case("resolution.widths", {}, {"targets": targets})


@remembered
def pad_case(
    seed: int, shape: tuple[int, int, int, int], size: int, *, is_bytes: bool = False, case_set: int = 0
) -> Case:
    """Return a case of `resolution.pad`."""
    rng = np.random.default_rng([seed, case_set])
    x = rng.integers(1, 256, size=shape) if is_bytes else _pixels(rng, shape)
    settings: dict[str, Setting] = {"size": size, **({"bytes": True} if is_bytes else {})}
    return Case("resolution.pad", settings, {"x": x})


@remembered
def scale_case(
    seed: int, shape: tuple[int, int, int, int], size: int | None = None, *, case_set: int = 0
) -> Case:
    """Return a case of `resolution.scale`."""
    rng = np.random.default_rng([seed, case_set])
    settings: dict[str, Setting] = {} if size is None else {"size": size}
    return Case("resolution.scale", settings, {"x": _pixels(rng, shape)})


@remembered
def groups_case(
    seed: int,
    images: int,
    sizes: Sequence[int] | None = None,
    *,
    shape: tuple[int, int, int] = (1, 28, 28),
    is_bytes: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `resolution.groups`; neighbouring labels differ."""
    rng = np.random.default_rng([seed, case_set])
    settings: dict[str, Setting] = {
        "images": images, "channels": shape[0], "height": shape[1], "width": shape[2],
        "seed": 1000 * case_set + seed,
    }  # fmt: skip
    if sizes is not None:
        settings["sizes"] = list(sizes)
    if is_bytes:
        settings["bytes"] = True
    return Case("resolution.groups", settings, {"labels": _labels(rng, images)})


@remembered
def batches_case(
    seed: int,
    counts: tuple[int, ...],
    batch_size: int,
    sizes: tuple[int, ...] = (4, 6, 8),
    *,
    case_set: int = 0,
) -> Case:
    """Return a case of `resolution.batches`; sizes are small, because every pixel says the same."""
    rng = np.random.default_rng([seed, case_set])
    settings: dict[str, Setting] = {
        "batch_size": batch_size, "counts": list(counts), "sizes": list(sizes),
        "seed": 1000 * case_set + seed,
    }  # fmt: skip
    return Case("resolution.batches", settings, {"labels": _labels(rng, sum(counts))})


@remembered
def augment_case(
    seed: int, images: int, shape: tuple[int, int, int] = (1, 28, 28), *, case_set: int = 0
) -> Case:
    """Return a case of `resolution.augmented`."""
    settings: dict[str, Setting] = {
        "images": images, "channels": shape[0], "height": shape[1], "width": shape[2],
        "seed": 1000 * case_set + seed,
    }  # fmt: skip
    return Case("resolution.augmented", settings, {})


def _normal(rng: np.random.Generator, shape: tuple[int, ...], scale: float) -> Array:
    return (scale * rng.normal(size=shape)).astype(np.float32)


def _labels(rng: np.random.Generator, count: int) -> Array:
    """Return labels (count,) of ten classes, each different from the one before."""
    return np.asarray((rng.integers(10) + np.cumsum(rng.integers(1, 10, size=count))) % 10, dtype=np.int64)


def _pixels(rng: np.random.Generator, shape: tuple[int, ...], *, twins: bool = False) -> Array:
    """Return pixels in [0.05, 1]; with `twins` half of the images are one image, half another."""
    if twins:
        two = rng.uniform(0.05, 1, size=(2, *shape[1:])) * np.array([0.3, 1.0]).reshape(2, 1, 1, 1)
        return np.ascontiguousarray(two[rng.permutation(np.arange(shape[0]) % 2)]).astype(np.float32)
    return rng.uniform(0.05, 1, size=shape).astype(np.float32)
