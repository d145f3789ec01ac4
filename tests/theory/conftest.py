from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from theory.check import AnswerResult, check_answers, find_laws
from theory.questions import QUESTIONS, exercise

Checker = Callable[..., AnswerResult]


laws_once = functools.cache(find_laws)  # sympy takes half a second to differentiate the graph


@pytest.fixture
def check() -> Checker:
    """Check one answer, with the question's default parameters unless others are given."""

    def check_one(
        id: str, text: str, parameters: Mapping[str, Any] | None = None, **others: str
    ) -> AnswerResult:
        question, blank = id.split(".")
        module = {module.ID: module for module in QUESTIONS}[question]
        answers = {f"{question}.{name}": answer for name, answer in {**others, blank: text}.items()}
        results = check_answers(answers, [exercise(module, parameters or {})], laws=laws_once)
        return next(result for result in results if result.id == id)

    return check_one
