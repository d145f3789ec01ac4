"""Outputs and facts that were recorded, or are memorised, earn nothing in another case set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Case, Reply
from autograder.core.scoring import earned
from autograder.hidden_tests.facts import follows_images
from autograder.hidden_tests.runner import Examiner, run
from tests.hidden_tests.test_replayed import replayed
from tests.names import components_with_tests


@pytest.mark.parametrize(
    "component",
    components_with_tests("pytorch"),
)
def test_right_outputs_to_one_set_earn_nothing_in_another(component: str, part: Part, key: AnswerKey) -> None:
    for asked in range(1, part.case_sets):
        assert replayed(key, part, component, recorded=0, asked=asked) == 0, f"case set {asked}"


def test_facts_about_a_model_earn_nothing_where_nothing_is_computed(part: Part, key: AnswerKey) -> None:
    """A worker that states the right facts and makes scores up, as one with forged replies does."""
    rng = np.random.default_rng(0)

    def forged(case: Case) -> Reply:
        right = key.reference(case)
        made_up = rng.uniform(size=right.arrays["distances"].shape)
        return replace(right, arrays={**right.arrays, "distances": made_up + made_up.T})

    for case_set in range(part.case_sets):
        examiner = Examiner(forged, key.reference, case_set=case_set)
        assert earned(run(part, examiner, component="my_model")) == 0


@pytest.mark.parametrize(
    "found",
    [np.zeros((6, 6)), np.ones((6, 6)), np.full((6, 6), np.nan), np.eye(6), np.zeros(6), np.zeros((5, 6))],
    ids=["zeros", "ones", "nan", "identity", "a row", "of another size"],
)
def test_distances_that_say_nothing_follow_no_images(found) -> None:
    images = np.random.default_rng(1).normal(size=(2, 3))[[0, 1, 1, 0, 1, 0]]
    assert not follows_images(Case("p", {}, {"x": images}), found)[0]


def test_scores_of_equal_images_may_differ_a_little() -> None:
    rng = np.random.default_rng(1)
    images = rng.normal(size=(2, 8))[[0, 1, 1, 0, 1, 0]]
    scores = images @ rng.normal(size=(8, 10))
    case = Case("p", {}, {"x": images})
    assert follows_images(case, scores)[0]
    assert follows_images(case, scores + 0.1 * rng.normal(size=scores.shape))[0]
    assert not follows_images(case, rng.normal(size=scores.shape))[0]
