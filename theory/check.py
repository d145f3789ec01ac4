"""Checking a sheet of answers: pure, deterministic, and quick whatever the answers say."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import import_module
from typing import Any, Literal, TypeAlias

from theory.answers import Answers
from theory.control_characters import check_characters
from theory.errors import FormError, ParseError, UndefinedError
from theory.forms import DecimalForm, NumberForm, TextForm
from theory.law import Law, Laws, Misconception, Sheet, written
from theory.questions import Blank, Exercise, Question

Status: TypeAlias = Literal["right", "wrong", "unparsed", "blank", "form", "ungraded"]
FindLaws: TypeAlias = Callable[[str, Any], "Laws | None"]
FOLLOWING = Fraction(1, 2)  # of the points, for what follows from an earlier wrong answer


@dataclass(frozen=True)
class AnswerResult:
    """What checking one blank found; `message` and `hint` are for the student and never say what is right."""

    id: str  # "conv_matrix.entries"
    question: str
    status: Status
    points: float
    max_points: float
    message: str
    hint: str = ""
    misconception: str = ""
    details: tuple[str, ...] = ()


def find_laws(question: str, parameters: Any) -> Laws | None:
    """Return the laws of a question, or None if their file was not handed out."""
    name = f"theory.laws.{question}"
    if importlib.util.find_spec(name) is None:
        return None
    laws: Laws = import_module(name).laws(parameters)
    return laws


def check_answers(
    answers: Mapping[str, str],
    exercises: Iterable[Exercise],
    *,
    laws: FindLaws = find_laws,
    is_partial: bool = True,
) -> tuple[AnswerResult, ...]:
    """Check every blank of every question against its form, and against its law where `laws` has one.

    `answers` maps "question.blank" to text; what `read_answers` could not take from a file is unparsed. With
    `is_partial` an answer that is right in parts earns a part.
    """
    faults = answers.faults if isinstance(answers, Answers) else {}
    return tuple(
        _unreadable(result, faults[result.id]) if result.id in faults else result
        for exercise in exercises
        for result in _check_question(
            answers, exercise.question, laws(exercise.question.id, exercise.parameters), is_partial=is_partial
        )
    )


def _unreadable(result: AnswerResult, fault: str) -> AnswerResult:
    return replace(result, status="unparsed", points=0.0, message=fault)


def _check_question(
    answers: Mapping[str, str], question: Question, laws: Laws | None, *, is_partial: bool
) -> Iterable[AnswerResult]:
    read = {
        blank.name: _read(blank, answers.get(f"{question.id}.{blank.name}", "")) for blank in question.blanks
    }
    sheet = {name: value for name, (status, value) in read.items() if status == "read"}
    for blank in question.blanks:
        status, value = read[blank.name]
        if status != "read":
            yield _result(question, blank, status, 0.0, value)
            continue
        if isinstance(blank.form, TextForm):
            yield _result(question, blank, "ungraded", 0.0, "A person grades this answer with the rubric.")
            continue
        shown = _read_as(blank, answers[f"{question.id}.{blank.name}"], value)
        if laws is None:
            remark = blank.form.remark(value) if isinstance(blank.form, DecimalForm) else ""
            form = remark or f"The form is right ({blank.form.described})"
            message = f"{form.rstrip('.')}; grading decides whether the answer is right."
            yield _result(question, blank, "ungraded", 0.0, message, details=shown)
        else:
            result = _judged(question, blank, laws[blank.name], value, sheet, is_partial=is_partial)
            yield replace(result, details=shown)


def _read(blank: Blank, text: str) -> tuple[Any, Any]:
    if not text.strip():
        return "blank", f"Nothing is written here yet; expected {blank.form.described}."
    try:
        if not isinstance(blank.form, TextForm):
            check_characters(text)
        return "read", blank.form.read(text)
    except ParseError as error:
        return "unparsed", str(error)
    except FormError as error:
        return "form", str(error)


def _judged(
    question: Question, blank: Blank, law: Law, value: Any, sheet: Sheet, *, is_partial: bool
) -> AnswerResult:
    worth = question.points_of(blank)
    try:
        if law.holds(value, sheet):
            return _result(question, blank, "right", worth, f"Right: {law.statement}")
        message = law.locate(value, sheet)
    except UndefinedError as error:
        return _result(question, blank, "wrong", 0.0, f"This answer has no value: {error}")
    named = _named(law, value, sheet)
    credit, note = _credit(law, value, sheet) if is_partial else (Fraction(0), "")
    result = _result(question, blank, "wrong", float(worth * credit), message + note)
    return result if named is None else replace(result, hint=named.hint, misconception=named.id)


def _credit(law: Law, value: Any, sheet: Sheet) -> tuple[Fraction, str]:
    if law.follows(value, sheet):
        return FOLLOWING, " It is consistent with your other answers to this question: fix those first."
    return law.credit(value, sheet), ""


def _named(law: Law, value: Any, sheet: Sheet) -> Misconception | None:
    """Return the misconception that fits, if only one does: silence is better than a false accusation."""
    fitting = [one for one in law.misconceptions if _fits(one, value, sheet)]
    if fitting:
        return fitting[0] if len({one.id for one in fitting}) == 1 else None
    return next((one for one in law.visible if _fits(one, value, sheet)), None)


def _fits(misconception: Misconception, value: Any, sheet: Sheet) -> bool:
    try:
        return misconception.matches(value, sheet)
    except UndefinedError:
        return False


def _result(
    question: Question,
    blank: Blank,
    status: Status,
    points: float,
    message: str,
    *,
    details: tuple[str, ...] = (),
) -> AnswerResult:
    return AnswerResult(
        id=f"{question.id}.{blank.name}",
        question=question.id,
        status=status,
        points=points,
        max_points=question.points_of(blank),
        message=message,
        details=details,
    )


def _read_as(blank: Blank, text: str, value: Any) -> tuple[str, ...]:
    """Say what was read, in the student's own digits."""
    text = blank.form.shown(text, value) if isinstance(blank.form, NumberForm) else written(value)
    return (f"Read as: {text if len(text) <= 200 else text[:199] + '…'}",)
