"""Checkpoints on the page of a submission, and on the leaderboard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Outcome, Report, Verdict
from autograder.render.gradescope import results
from autograder.render.html import report_page
from tests.render.conftest import spec

NAMES = ["cat", "dog<script>"]
FACT: dict[str, Any] = {
    "title": "SGD, trained", "accuracy": 0.62449, "classes": NAMES, "per_class": [0.75, 0.5],
    "confusion": [[3, 1], [2, 2]], "test_set": "8 images", "sha256": "ab" * 32,
}  # fmt: skip
OPEN = Feedback(hidden_tests="visible", hints=True, leaderboard=True)


def with_checkpoint() -> Report:
    verdict = Verdict(spec(1, "sgd", 4.0), Outcome.PASSED, 4.0)
    return Report("ann", "convnet", "Part 1", (verdict,), facts={"torch": "2", "checkpoints": {"sgd": FACT}})


def test_the_page_draws_what_was_taken_for_what(part: Part) -> None:
    page = report_page(with_checkpoint(), part, replace(OPEN, confusion=True))
    assert "62.4 % of the test images" in page
    assert page.count("<rect") == 4 and "cat predicted as dog&lt;script&gt;: 1" in page
    assert "<dt>torch</dt>" in page and "<dt>checkpoints</dt>" not in page
    assert "<script>" not in page


def test_the_confusion_matrix_is_for_the_staff_unless_the_course_says_otherwise(part: Part) -> None:
    page = report_page(with_checkpoint(), part, OPEN)
    assert "<rect" not in page and "62.4" not in page and "0.75" not in page
    extra = results(with_checkpoint(), OPEN)["extra_data"]
    assert extra["checkpoints"]["sgd"]["confusion"] == [[3, 1], [2, 2]]


def test_a_page_without_checkpoints_draws_none(part: Part) -> None:
    assert "<rect" not in report_page(
        replace(with_checkpoint(), facts={}), part, replace(OPEN, confusion=True)
    )


def test_the_leaderboard_has_the_accuracy() -> None:
    board = results(with_checkpoint(), OPEN)["leaderboard"]
    assert board[1] == {"name": "SGD, trained", "value": 0.624, "order": "desc"}
