"""What holds for the laws of all questions."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from theory.check import AnswerResult, find_laws
from theory.law import Misconception
from theory.questions import QUESTIONS, exercise

CHECKED = [module for module in QUESTIONS if module.ID != "dead_neurons"]
CASES = [
    pytest.param(f"{module.ID}.{blank}", misconception, id=f"{module.ID}.{blank}-{misconception.id}")
    for module in CHECKED
    for blank, law in (find_laws(module.ID, module.Parameters()) or {}).items()
    for misconception in law.misconceptions
]


@pytest.mark.parametrize(("id", "misconception"), CASES)
def test_each_misconception_is_named_with_its_own_hint(
    check: Callable[..., AnswerResult], id: str, misconception: Misconception
) -> None:
    result = check(id, misconception.example)
    assert (result.status, result.misconception) == ("wrong", misconception.id)
    assert result.hint == misconception.hint
    assert result.points < result.max_points


@pytest.mark.parametrize("module", CHECKED, ids=lambda module: module.ID)
def test_a_question_has_a_law_a_blank_and_at_least_four_misconceptions(module: ModuleType) -> None:
    laws = find_laws(module.ID, module.Parameters())
    assert laws is not None
    assert set(laws) == {blank.name for blank in module.question(module.Parameters()).blanks}
    known = {(one.id, one.hint) for law in laws.values() for one in law.misconceptions}
    assert len({id for id, _hint in known}) >= 4
    assert all(hint.endswith((".", "?")) for _id, hint in known)


@pytest.mark.parametrize("module", CHECKED, ids=lambda module: module.ID)
def test_a_blank_answer_earns_nothing(check: Callable[..., AnswerResult], module: ModuleType) -> None:
    for blank in exercise(module, {}).question.blanks:
        result = check(f"{module.ID}.{blank.name}", "  ")
        assert (result.status, result.points) == ("blank", 0.0)
        assert blank.form.described in result.message
