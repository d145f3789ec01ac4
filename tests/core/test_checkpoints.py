"""What accuracy is worth, and which tables of assignment.toml are refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from autograder.core.checkpoints import (
    Accuracy,
    accuracy_of,
    checkpoint_components,
    rules_of,
    wanted_images,
)
from autograder.core.errors import CourseError
from autograder.core.manifest import Component, Limits, Part

WEIGHTS = Component("mine", "Mine, trained", "checkpoints/mine.pth", 10.0)
CODE = Component("code", "Mine", "models/mine.py", 5.0)
RULE = {"module": "models.mine", "cls": "Mine", "arguments": [3], "tiers": [[0.5, 0.25], [0.8, 1.0]]}
TEST_SET = {
    "source": "procedural", "root": "data", "images": 20, "seed": 3, "mean": [0.5] * 3, "std": [0.2] * 3,
    "seconds": 10, "file_mib": 1,
}  # fmt: skip


def part_with(**extra: Any) -> Part:
    limits = Limits(
        test_seconds=1, part_seconds=1, memory_mib=1, processes=1, output_kib=1, file_mib=1, reply_mib=1
    )
    return Part(
        name="pytorch", title="", folder="p", zip="p.zip", runtime="torch", collect=(), answer_files=(),
        given_files=(), allowed_imports=("torch", "torchvision.transforms"), components=(CODE, WEIGHTS),
        limits=limits, extra=extra,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("accuracy", "share", "ahead"),
    [(0.1, 0.0, 0.5), (0.5, 0.0, 0.5), (0.501, 0.25, 0.8), (0.8, 0.25, 0.8), (0.81, 1.0, None)],
)
def test_a_tier_is_earned_above_its_bound(accuracy: float, share: float, ahead: float | None) -> None:
    (rule,) = rules_of(part_with(checkpoints={"mine": RULE}))
    assert (rule.credit(accuracy), rule.next_tier(accuracy)) == (share, ahead)


@pytest.mark.parametrize(("source", "ahead"), [("procedural", 0.5), ("cifar10", 0.3)])
def test_tiers_may_differ_with_the_source_of_the_images(source: str, ahead: float) -> None:
    tiers = {"procedural": [[0.5, 1.0]], "cifar10": [[0.3, 1.0]]}
    (rule,) = rules_of(
        part_with(checkpoints={"mine": {**RULE, "tiers": tiers}}, test_set={**TEST_SET, "source": source})
    )
    assert rule.next_tier(0.1) == ahead


def test_tiers_that_lack_the_source_are_refused() -> None:
    table = {"mine": {**RULE, "tiers": {"cifar10": [[0.3, 1.0]]}}}
    with pytest.raises(CourseError, match=r"checkpoints\.mine\]: KeyError 'procedural'"):
        rules_of(part_with(checkpoints=table, test_set=TEST_SET))


def test_only_files_of_weights_are_checkpoints() -> None:
    assert checkpoint_components(part_with()) == (WEIGHTS,)


@pytest.mark.parametrize(
    "table",
    [None, {}, {**RULE, "tiers": []}, {**RULE, "tiers": [[0.5, 2.0]]}, {**RULE, "tiers": 3}],
    ids=["missing", "empty", "no tiers", "more than all", "no list"],
)
def test_a_wrong_rule_is_refused_with_its_place(table: Any) -> None:
    with pytest.raises(CourseError, match=r"\[parts\.pytorch\.checkpoints\.mine\]"):
        rules_of(part_with(checkpoints={} if table is None else {"mine": table}))


@pytest.mark.parametrize(
    "change", [{"source": "imagenet"}, {"images": 0}, {"mean": 3}, {"seconds": "soon"}], ids=str
)
def test_a_wrong_test_set_is_refused_with_its_place(change: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match=r"\[parts\.pytorch\.test_set\]"):
        wanted_images(part_with(test_set={**TEST_SET, **change}))


def test_confusion_counts_what_was_taken_for_what() -> None:
    labels = np.array([0, 0, 3, 9])
    scores = np.eye(10)[[0, 3, 3, 1]]
    found = accuracy_of(scores, labels)
    assert isinstance(found, Accuracy)
    assert found.overall == 0.5
    assert found.per_class == (0.5, 0, 0, 1.0, 0, 0, 0, 0, 0, 0)
    assert found.confusion[0, 3] == 1 and found.confusion[9, 1] == 1 and found.confusion.sum() == 4


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.zeros((2, 9)), "scores of shape (2, 9), expected (2, 10)"),
        (np.array([[np.nan] * 10, [0.0] * 10]), "NaN or infinite for 50% of the pictures"),
    ],
    ids=["nine classes", "NaN"],
)
def test_scores_that_cannot_be_judged_are_explained(scores: Any, message: str) -> None:
    found = accuracy_of(scores, np.array([1, 2]))
    assert isinstance(found, str) and message in found


def test_workers_lack_what_is_absent() -> None:
    assert part_with(absent_imports=["torchvision"]).worker_imports == ("torch",)
    assert dataclasses.replace(part_with(), extra={}).worker_imports == ("torch", "torchvision.transforms")
