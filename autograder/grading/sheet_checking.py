"""Check one sheet of answers against the laws; `stages.py` runs this where it can be killed.

Only this imports the checker, and with it SymPy: the grader's own process does without.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.sheet_marks import STUDENT, CheckedSheet, Mark
from autograder.grading.sheet_questions import exercises_of, settings_of
from theory.answers import Answers, read_answers
from theory.check import AnswerResult, check_answers, find_laws
from theory.errors import AnswersError

known_laws = functools.cache(find_laws)  # they take ten times as long as to check a sheet against them


def prepare(*, part: Part, course: Course) -> None:
    """Work out the laws of all questions, once for every sheet; a student's own variant has its own."""
    for one in exercises_of(part, course):
        known_laws(one.question.id, one.parameters)


def check_sheet(*, content: bytes, called: str, part: Part, course: Course) -> CheckedSheet:
    """Return what the laws say about every answer of the sheet `content`, which messages call `called`.

    Raises SubmissionError if it is no sheet of answers, CourseError if the course contradicts itself.
    """
    try:
        answers = read_answers(content, name=called)
    except AnswersError as error:
        raise SubmissionError(str(error)) from None
    student, settings = answers.get(STUDENT, "").strip(), settings_of(part)
    if settings.has_variants and not student:
        raise SubmissionError(f'{called}: whose variant is this? Write your id as {STUDENT}: "…".')
    questions = exercises_of(part, course, student=student)
    results = {
        result.id: result
        for result in check_answers(answers, questions, laws=known_laws, is_partial=settings.is_partial)
    }
    marks = {name: _mark(result) for name, result in results.items()}
    owner = student if settings.has_variants else ""
    return CheckedSheet(marks, (*answers.remarks, *_unknown(answers, results)), owner)


def _mark(result: AnswerResult) -> Mark:
    share = float(result.points / result.max_points) if result.max_points else 0.0
    return Mark(
        result.status, min(share, 1.0), result.message, result.hint, result.misconception, result.details
    )


def _unknown(answers: Answers, results: Mapping[str, AnswerResult]) -> tuple[str, ...]:
    """Name what no question asks for, and what could not be taken from the file, a few of each."""
    extra = [name for name in answers if name not in results and name != STUDENT]
    faults = [fault for name, fault in answers.faults.items() if name not in results]
    more = f" and {len(extra) - 3} more" if len(extra) > 3 else ""
    names = ", ".join(repr(name[:40]) for name in extra[:3])
    unknown = (f"Not checked, because no question has this name: {names}{more}.",) if extra else ()
    return (*faults[:3], *unknown)
