"""Files of weights: what a value of a metric is worth, and which tables of assignment.toml are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.core.errors import CourseError
from autograder.core.library import OPEN
from autograder.core.manifest import Component, Limits, Part, TestSet, Weights
from autograder.core.metrics import Accuracy, LabelledImages, Measured, confusion_of, metric_called
from autograder.core.weights import rules_of, wanted_images, weights_components

WEIGHTS = Component("mine", "Mine, trained", "checkpoints/mine.pth", 10.0)
CODE = Component("code", "Mine", "models/mine.py", 5.0)
RULE = Weights(module="models.mine", cls="Mine", arguments=(3,), tiers=((0.5, 0.25), (0.8, 1.0)))
TEST_SET = TestSet(
    source="procedural", root="data", images=20, seed=3, mean=(0.5,) * 3, std=(0.2,) * 3, seconds=10,
    file_mib=1, generator="part1_convnet/data",
)  # fmt: skip
NAMES = tuple("abcdefghij")


def part_with(weights: Weights | None = RULE, **fields: Any) -> Part:
    """Return a part with one component of code and one of weights."""
    limits = Limits(
        test_seconds=1, part_seconds=1, memory_mib=1, processes=1, output_kib=1, file_mib=1, reply_mib=1
    )
    usual: dict[str, Any] = {"test_set": TEST_SET, "allowed_imports": ("torch", "torchvision.transforms")}
    return Part(
        name="pytorch", title="", folder="p", zip="p.zip", kind="code", runtime="torch", collect=(),
        answer_files=(), components=(CODE, WEIGHTS), limits=limits, probes=("checkpoint",),
        weights={"mine": weights} if weights else {}, **{**usual, **fields},
    )  # fmt: skip


def labelled(labels: Any) -> LabelledImages:
    return LabelledImages(np.zeros((len(labels), 3, 2, 2), np.uint8), np.asarray(labels), NAMES, "drawings")


@pytest.mark.parametrize(
    ("value", "share", "ahead"),
    [(0.1, 0.0, 0.5), (0.5, 0.0, 0.5), (0.501, 0.25, 0.8), (0.8, 0.25, 0.8), (0.81, 1.0, None)],
)
def test_a_tier_is_earned_above_its_bound(value: float, share: float, ahead: float | None) -> None:
    (rule,) = rules_of(part_with())
    assert (rule.credit(value), rule.next_tier(value)) == (share, ahead)


@pytest.mark.parametrize(("source", "ahead"), [("procedural", 0.5), ("cifar10", 0.3)])
def test_tiers_may_differ_with_the_source_of_the_images(source: Any, ahead: float) -> None:
    tiers = {"procedural": ((0.5, 1.0),), "cifar10": ((0.3, 1.0),)}
    weights = Weights("models.mine", "Mine", (), tiers)
    (rule,) = rules_of(part_with(weights, test_set=TestSet(**{**vars(TEST_SET), "source": source})))
    assert rule.next_tier(0.1) == ahead


def test_tiers_that_lack_the_source_are_refused() -> None:
    weights = Weights("models.mine", "Mine", (), {"cifar10": ((0.3, 1.0),)})
    with pytest.raises(CourseError, match=r"weights\.mine\]: expected tiers for procedural images"):
        rules_of(part_with(weights))


def test_a_metric_that_does_not_exist_is_refused_with_those_that_do() -> None:
    weights = Weights("models.mine", "Mine", (), ((0.5, 1.0),), metric="beauty")
    with pytest.raises(CourseError, match="no metric is called 'beauty'; there are accuracy"):
        rules_of(part_with(weights))


def test_only_components_with_a_rule_are_files_of_weights() -> None:
    assert weights_components(part_with()) == (WEIGHTS,)
    assert weights_components(part_with(None)) == ()


def test_without_a_test_set_there_are_no_images() -> None:
    with pytest.raises(CourseError, match=r"expected a table \[parts\.pytorch\.test_set\]"):
        wanted_images(part_with(test_set=None))


def test_confusion_counts_what_was_taken_for_what() -> None:
    confusion = confusion_of(np.array([0, 3, 3, 1]), np.array([0, 0, 3, 9]), 10)
    assert confusion[0, 3] == 1 and confusion[9, 1] == 1 and confusion.sum() == 4


def test_accuracy_is_the_share_of_images_whose_highest_score_is_their_labels() -> None:
    found = Accuracy().measure({"scores": np.eye(10)[[0, 3, 3, 1]]}, labelled([0, 0, 3, 9]))
    assert isinstance(found, Measured)
    assert found.value == 0.5
    assert found.facts["per_class"] == [0.5, 0, 0, 1.0, 0, 0, 0, 0, 0, 0]
    assert found.said == "Accuracy: 50.0% on drawings."


def test_the_student_reads_the_accuracy_to_one_decimal_and_the_name_of_the_weakest_class() -> None:
    labels = [0] * 600 + [1] * 634
    found = Accuracy().measure({"scores": np.eye(10)[[0] * 600 + [1] * 3 + [2] * 631]}, labelled(labels))
    assert isinstance(found, Measured)
    assert (found.said, found.remark) == ("Accuracy: 48.9% on drawings.", f"Weakest class: {NAMES[1]}.")


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.zeros((2, 9)), "scores of shape (2, 9), expected (2, 10)"),
        (np.array([[np.nan] * 10, [0.0] * 10]), "NaN or infinite for 50% of the images"),
    ],
    ids=["nine classes", "NaN"],
)
def test_scores_that_cannot_be_judged_are_explained(scores: Any, message: str) -> None:
    found = metric_called("accuracy").measure({"scores": scores}, labelled([1, 2]))
    assert isinstance(found, str) and message in found


def test_workers_lack_what_is_absent() -> None:
    assert set(part_with(absent_imports=("torchvision", "csv")).worker_imports) == {"torch", *OPEN} - {"csv"}
    assert set(part_with().worker_imports) == {"torch", "torchvision.transforms", *OPEN}
