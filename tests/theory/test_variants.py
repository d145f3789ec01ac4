from __future__ import annotations

from functools import partial

import pytest

from theory.check import check_answers, find_laws
from theory.errors import SettingsError
from theory.law import Laws
from theory.settings import DEFAULTS, exercises


def test_a_student_has_the_same_variant_everywhere() -> None:
    first, second = (exercises(DEFAULTS, key=b"course", student=student) for student in ("ada", " ADA "))
    assert first == second


def test_students_keys_and_questions_differ() -> None:
    pairs = [(key, student) for key in (b"a", b"b") for student in ("ada", "bob")]
    sheets = [exercises(DEFAULTS, key=key, student=student) for key, student in pairs]
    assert len({str([one.parameters for one in sheet]) for sheet in sheets}) == 4


def test_without_key_and_student_everybody_has_the_same_questions() -> None:
    assert exercises(DEFAULTS) == exercises(DEFAULTS, key=b"", student="")
    with pytest.raises(SettingsError, match="both the course's key and a student's id"):
        exercises(DEFAULTS, key=b"course")


def _given(laws: Laws, _question: str, _parameters: object) -> Laws:
    return laws


@pytest.mark.parametrize(
    "student",
    ["ada", *(pytest.param(one, marks=pytest.mark.slow) for one in ("bob", "carl", "dora", "emil"))],
)
def test_in_every_variant_the_misconceptions_are_wrong(student: str) -> None:
    for one in exercises(DEFAULTS, key=b"course", student=student):
        laws = find_laws(one.question.id, one.parameters) or {}
        for blank, law in laws.items():
            for misconception in law.misconceptions:
                id, text = f"{one.question.id}.{blank}", misconception.example
                found = {
                    result.id: result
                    for result in check_answers({id: text}, [one], laws=partial(_given, laws))
                }
                assert found[id].status == "wrong", (id, misconception.id)
