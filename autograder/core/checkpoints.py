"""Checkpoints: what assignment.toml asks of them, and what scores on test images are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.core.errors import CourseError
from autograder.core.manifest import Component, Part
from autograder.core.model import Array

SUFFIX = ".pth"
SOURCES = ("procedural", "cifar10")
CLASSES = 10


@dataclass(frozen=True)
class Rule:
    """How one checkpoint is graded: the class that it fills, and accuracy (above) → share of the points."""

    component: Component
    module: str
    cls: str
    arguments: tuple[Any, ...]
    tiers: tuple[tuple[float, float], ...]

    def credit(self, accuracy: float) -> float:
        """Return the share of the points, in [0, 1], of the highest tier that `accuracy` is above."""
        return max((share for bound, share in self.tiers if accuracy > bound), default=0.0)

    def next_tier(self, accuracy: float) -> float | None:
        """Return the lowest accuracy to be passed for more points, or None at the top."""
        now = self.credit(accuracy)
        return min((bound for bound, share in self.tiers if share > now), default=None)


@dataclass(frozen=True)
class TestSet:
    """Which images are scored, as [parts.<part>.test_set] has it; `seconds` for one checkpoint."""

    __test__ = False
    source: str
    root: str  # of CIFAR-10; relative to the course
    images: int
    seed: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    seconds: float
    file_mib: int
    key_file: str = ""  # of procedural images: a secret that the seed is made of; "": the seed as it is


@dataclass(frozen=True)
class Accuracy:
    """What scores amount to; `confusion[i, j]` counts images of class i that were taken for class j."""

    confusion: Array

    @property
    def overall(self) -> float:
        """Return the share of images that were named rightly."""
        return float(self.confusion.trace() / max(self.confusion.sum(), 1))

    @property
    def per_class(self) -> tuple[float, ...]:
        """Return the share of each class; 0 for one without images."""
        right, all_ = np.diag(self.confusion), self.confusion.sum(axis=1)
        return tuple(float(share) for share in right / np.maximum(all_, 1))


def checkpoint_components(part: Part) -> tuple[Component, ...]:
    """Return the components of `part` whose file holds weights and not code."""
    return tuple(component for component in part.components if component.file.endswith(SUFFIX))


def rules_of(part: Part) -> tuple[Rule, ...]:
    """Return the rules in the order of the components; raise CourseError where one lacks its table.

    Tiers may be one list, or a table with a list for every source of images: some are harder than others.
    """
    tables, source = part.extra.get("checkpoints", {}), part.extra.get("test_set", {}).get("source", "")
    return tuple(
        _rule(component, tables.get(component.name), part.name, source)
        for component in checkpoint_components(part)
    )


def wanted_images(part: Part) -> TestSet:
    """Return the test set of `part`; raise CourseError for a table that is missing or wrong."""
    table = part.extra.get("test_set", {})
    try:
        found = TestSet(
            source=str(table["source"]),
            root=str(table["root"]),
            images=int(table["images"]),
            seed=int(table["seed"]),
            mean=tuple(float(entry) for entry in table["mean"]),
            std=tuple(float(entry) for entry in table["std"]),
            seconds=float(table["seconds"]),
            file_mib=int(table["file_mib"]),
            key_file=str(table.get("key_file", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(
            f"assignment.toml, [parts.{part.name}.test_set]: {type(error).__name__} {error}; expected "
            "source, root, pictures, seed, mean, std, seconds and file_mib."
        ) from None
    if found.source not in SOURCES or found.images < 1 or found.seconds <= 0:
        raise CourseError(
            f"assignment.toml, [parts.{part.name}.test_set]: expected source to be one of "
            f"{', '.join(SOURCES)}, and pictures and seconds above 0, got {dict(table)!r}."
        )
    return found


def accuracy_of(scores: Array, labels: Array) -> Accuracy | str:
    """Compare the highest score of each image with its label.

    Args: scores (N, classes), labels (N,) in 0 … 9.
    Returns: the accuracy, or what is wrong with the scores, for the student.
    """
    if scores.shape != (len(labels), CLASSES):
        return f"the model gives scores of shape {scores.shape}, expected ({len(labels)}, {CLASSES})"
    if not np.isfinite(scores).all():
        share = 1 - np.isfinite(scores).all(axis=1).mean()
        return f"the model's scores are NaN or infinite for {share:.0%} of the pictures"
    confusion = np.zeros((CLASSES, CLASSES), dtype=np.int64)
    np.add.at(confusion, (labels, scores.argmax(axis=1)), 1)
    return Accuracy(confusion)


def _rule(component: Component, table: Any, part: str, source: str) -> Rule:
    where = f"assignment.toml, [parts.{part}.checkpoints.{component.name}]"
    if not isinstance(table, Mapping):
        raise CourseError(f"{where}: expected a table with module, cls, arguments and tiers, got {table!r}.")
    try:
        listed = table["tiers"][source] if isinstance(table["tiers"], Mapping) else table["tiers"]
        tiers = tuple((float(bound), float(share)) for bound, share in listed)
        rule = Rule(component, str(table["module"]), str(table["cls"]), tuple(table["arguments"]), tiers)
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"{where}: {type(error).__name__} {error}; see the other checkpoints.") from None
    if not tiers or not all(0 <= share <= 1 for _, share in tiers):
        raise CourseError(f"{where}: expected tiers [accuracy, share] with shares in [0, 1], got {tiers}.")
    return rule
