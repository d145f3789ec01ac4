"""Metrics: what a network's outputs on labelled images are worth, each under the name that a manifest uses.

A metric names the probe that it is measured by, and turns what the probe yields into a value in [0, 1]. The
labels stay with the caller: a worker is sent the images alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from autograder.core.errors import CourseError
from autograder.core.model import Array


@dataclass(frozen=True)
class LabelledImages:
    """Images uint8 (N, 3, H, W), labels int64 (N,), the classes' names, and where they come from."""

    images: Array
    labels: Array
    names: tuple[str, ...]
    origin: str


@dataclass(frozen=True)
class Measured:
    """What a metric found.

    Attributes: value   in [0, 1], what tiers are compared with;
                said    one sentence with the value, for the student; remark: a further one;
                facts   what the report keeps besides, as JSON values; a leaderboard shows the first number.
    """

    value: float
    said: str
    remark: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Metric(Protocol):
    """How a file of weights is measured: by a probe, which must yield an array under a key."""

    @property
    def name(self) -> str:
        """Return it in the words of a test's name."""

    @property
    def probe(self) -> str:
        """Return the probe's name."""

    @property
    def key(self) -> str:
        """Return the array's name."""

    def measure(self, outputs: Mapping[str, Array], test: LabelledImages) -> Measured | str:
        """Return what `outputs` are worth, or in words for the student what is wrong with them."""


@dataclass(frozen=True)
class Accuracy:
    """The share of images whose highest score is that of their label (top-1)."""

    name: str = "accuracy"
    probe: str = "checkpoint.scores"
    key: str = "scores"

    def measure(self, outputs: Mapping[str, Array], test: LabelledImages) -> Measured | str:
        """Compare scores (N, classes) with the labels; NaN, infinity and another shape are told."""
        scores, classes = outputs[self.key], len(test.names)
        if scores.shape != (len(test.labels), classes):
            return f"the model gives scores of shape {scores.shape}, expected ({len(test.labels)}, {classes})"
        if not np.isfinite(scores).all():
            share = 1 - np.isfinite(scores).all(axis=1).mean()
            return f"the model's scores are NaN or infinite for {share:.0%} of the pictures"
        return _in_words(confusion_of(scores.argmax(axis=1), test.labels, classes), test)


METRICS: dict[str, Metric] = {"accuracy": Accuracy()}


def metric_called(name: str) -> Metric:
    """Return the metric that a manifest calls `name`; raise CourseError where there is none."""
    if name not in METRICS:
        raise CourseError(f"assignment.toml: no metric is called {name!r}; there are {', '.join(METRICS)}.")
    return METRICS[name]


def confusion_of(predictions: Array, labels: Array, classes: int) -> Array:
    """Return the counts (classes, classes) of images of class i, the row, that were taken for class j."""
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    return confusion


def _in_words(confusion: Array, test: LabelledImages) -> Measured:
    """Say little to the student: exact counts would tell labels, to a network made to ask for them."""
    right, totals = np.diag(confusion), confusion.sum(axis=1)
    per_class = right / np.maximum(totals, 1)
    value, worst = (
        float(right.sum() / max(confusion.sum(), 1)),
        int(np.where(totals > 0, per_class, 2.0).argmin()),
    )
    return Measured(
        value,
        f"Accuracy: {value:.1%} on {test.origin}.",
        f"Weakest class: {test.names[worst]}.",
        {
            "accuracy": round(value, 6),
            "classes": list(test.names),
            "per_class": [round(float(share), 6) for share in per_class],
            "confusion": confusion.tolist(),
        },
    )
