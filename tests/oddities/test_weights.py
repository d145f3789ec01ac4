"""Odd but right weights and networks get every point; what cannot be scored is told kindly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.core.model import Report
from autograder.course import load_course
from tests.oddities.networks import ODD_NETWORKS, OddNetwork
from tests.oddities.packing import Files
from tests.oddities.weights import MODEL, NAMES, NETWORK, ODD, WEIGHTS, Odd, network, saved, state_of

Graded = Callable[[Files], Report]
CHECKPOINT = "my_checkpoint"
PART = load_course().manifest.part("pytorch")
FULL = PART.component(CHECKPOINT).points


def points(report: Report) -> dict[str, float]:
    found: dict[str, float] = {}
    for verdict in report.verdicts:
        found[verdict.spec.component] = found.get(verdict.spec.component, 0.0) + verdict.score
    return {name: round(score, 6) for name, score in found.items()}


def message(report: Report) -> str:
    return "\n".join(entry.message for entry in report.verdicts if entry.spec.component == CHECKPOINT)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_weights_are_scored_however_they_were_saved(odd: Odd, graded_with_weights: Graded) -> None:
    files = {MODEL: NETWORK.encode(), WEIGHTS: odd.save(state_of(network()))}
    report = graded_with_weights(files)
    said = "\n".join(report.remarks)
    assert points(report)[CHECKPOINT] == (0 if odd.said else FULL), message(report)
    assert odd.said in message(report)
    assert "Your code raised" not in message(report)
    assert (f"{WEIGHTS}: {odd.remark}." if odd.remark else "") in said
    assert bool(odd.remark) == (WEIGHTS in said), said


@pytest.mark.parametrize(("name", "remark"), NAMES.values(), ids=NAMES)
def test_weights_are_found_under_other_names(name: str, remark: str, graded_with_weights: Graded) -> None:
    report = graded_with_weights({MODEL: NETWORK.encode(), name: saved(state_of(network()))})
    assert points(report)[CHECKPOINT] == FULL, message(report)
    assert remark in "\n".join(report.remarks)


def test_weights_that_might_be_meant_are_named(graded_with_weights: Graded) -> None:
    report = graded_with_weights({MODEL: NETWORK.encode(), "checkpoints/best.pth": saved({})})
    assert (
        "checkpoints/mymodel.pth is not in the submission. If checkpoints/best.pth is meant, rename it to"
        in message(report)
    )


def whole_submission() -> dict[str, bytes]:
    """Return the reference, but for a small MyModel, and three networks that know one class."""
    course = load_course()
    files = dict(course.solution(course.manifest.part("pytorch")))
    two = {"hidden.weight": torch.zeros(256, 3072), "hidden.bias": torch.zeros(256)}
    two |= {"scores.weight": torch.zeros(10, 256), "scores.bias": torch.eye(10)[2]}
    space: dict[str, type[torch.nn.Module]] = {}
    exec(files["models/cnn.py"].decode(), space)
    vanilla = space["VanillaCNN"]().state_dict()
    for entry in vanilla.values():
        if entry.shape == (10,):
            entry[2] = 1000.0
    return {
        **files,
        MODEL: NETWORK.encode(),
        WEIGHTS: saved(state_of(network())),
        "checkpoints/twolayernet.pth": saved(two),
        "checkpoints/vanillacnn.pth": saved(vanilla),
    }


@pytest.mark.parametrize("odd", ODD_NETWORKS.values(), ids=ODD_NETWORKS)
def test_networks_are_graded_fairly(odd: OddNetwork, graded_with_weights: Graded) -> None:
    course = load_course()
    report = graded_with_weights(odd.change(whole_submission()))
    full = {one.name: one.points for one in course.manifest.part("pytorch").components}
    earned = points(report)
    assert {name for name in full if earned[name] < full[name]} == set(odd.loses), [
        verdict.message for verdict in report.verdicts if verdict.score < verdict.spec.max_score
    ]
    assert all(earned[name] == 0 for name in odd.loses)
    assert report.zeroed == odd.zeroed
    said = "\n".join([*report.remarks, *(violation.message for violation in report.violations)])
    assert odd.remark in said, said
    assert bool(said) == bool(odd.remark), said


def test_dropout_that_never_stops_costs_its_own_test_and_scores_the_same_twice(
    graded_with_weights: Graded,
) -> None:
    dropping = NETWORK.replace(".relu()\n", ".relu()\n        x = nn.functional.dropout(x, 0.5)\n")
    files = {MODEL: dropping.encode(), WEIGHTS: saved(state_of(network()))}
    reports = [graded_with_weights(files) for _ in range(2)]
    assert message(reports[0]) == message(reports[1])
    assert points(reports[0])["my_model"] < PART.component("my_model").points
