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

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the probe's settings beside those of all files of weights."""

    @property
    def wants_given_class(self) -> bool:
        """Tell whether only a class that students are given can be measured by it."""

    def measure(self, outputs: Mapping[str, Array], test: LabelledImages) -> Measured | str:
        """Return what `outputs` are worth, or in words for the student what is wrong with them."""


@dataclass(frozen=True)
class Accuracy:
    """The share of images whose highest score is that of their label (top-1)."""

    name: str = "accuracy"
    probe: str = "checkpoint.scores"
    key: str = "scores"
    settings: Mapping[str, Any] = field(default_factory=dict)
    wants_given_class: bool = False

    def measure(self, outputs: Mapping[str, Array], test: LabelledImages) -> Measured | str:
        """Compare scores (N, classes) with the labels; NaN, infinity and another shape are told."""
        wrong = _wrong_scores(outputs[self.key], test)
        if wrong:
            return wrong
        predicted = outputs[self.key].argmax(axis=1)
        return _in_words(confusion_of(predicted, test.labels, len(test.names)), test)


@dataclass(frozen=True)
class RobustAccuracy:
    """The share of images that are classified correctly both as they are and under an attack.

    The attack, PGD of `steps` steps within `epsilon` of every pixel, goes up the loss of the label that the
    network predicts, so it needs no true one. That loses nothing: where the prediction is right, this is the
    attack on the true label, and where it is wrong, the image does not count in any case. The network's class
    has to be a given one: its author could hide its gradients, or recognise an attacked image.
    """

    name: str = "robust accuracy"
    probe: str = "robust_checkpoint.scores"
    key: str = "attacked_scores"
    epsilon: float = 8 / 255
    step_size: float = 2 / 255
    steps: int = 10
    wants_given_class: bool = True

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the attack's settings."""
        return {"epsilon": self.epsilon, "step_size": self.step_size, "steps": self.steps}

    def measure(self, outputs: Mapping[str, Array], test: LabelledImages) -> Measured | str:
        """Count the images whose scores are right twice; scores that are none are told."""
        kinds = [outputs.get(key, np.zeros(0)) for key in ("scores", self.key)]
        wrong = next(filter(None, (_wrong_scores(scores, test) for scores in kinds)), "")
        if wrong:
            return wrong
        clean, attacked = (scores.argmax(axis=1) == test.labels for scores in kinds)
        value, before = float((clean & attacked).mean()), float(clean.mean())
        return Measured(
            value,
            f"{value:.2%} of {test.origin} are classified correctly under attack (PGD of {self.steps} steps, "
            f"epsilon {255 * self.epsilon:.0f}/255), and {before:.2%} without.",
            facts={"robust_accuracy": round(value, 6), "accuracy": round(before, 6)},
        )


METRICS: dict[str, Metric] = {"accuracy": Accuracy(), "robust_accuracy": RobustAccuracy()}


def metric_called(name: str) -> Metric:
    """Return the metric that a manifest calls `name`; raise CourseError if there is none."""
    if name not in METRICS:
        raise CourseError(f"assignment.toml: no metric is called {name!r}; there are {', '.join(METRICS)}.")
    return METRICS[name]


def confusion_of(predictions: Array, labels: Array, classes: int) -> Array:
    """Return the counts (classes, classes) of images of class i, the row, that were taken for class j."""
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    return confusion


def _wrong_scores(scores: Array, test: LabelledImages) -> str:
    """Say what is wrong with scores that should be (N, classes) and finite; "" if nothing is."""
    wanted = (len(test.labels), len(test.names))
    if scores.shape != wanted:
        return f"the model gives scores of shape {scores.shape}, expected {wanted}"
    if not np.isfinite(scores).all():
        share = 1 - np.isfinite(scores).all(axis=1).mean()
        return f"the model's scores are NaN or infinite for {share:.0%} of the images"
    return ""


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
