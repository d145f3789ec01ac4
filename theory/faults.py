"""What of a sheet grading could not read, for the collector, which asks before a student hands in."""

from __future__ import annotations

from pathlib import Path

from theory.errors import AnswersError
from theory.own import course_settings, own_exercises
from theory.variants import FILE, folded

HERE = Path(__file__).resolve().parent
READ = ("right", "wrong", "blank", "ungraded")


def faults(data: bytes, name: str) -> tuple[str, list[str]]:
    """Return why a sheet cannot be read at all, or "", and a sentence for each answer that cannot be.

    Raises: ImportError if a package that reading needs is missing.
    """
    from theory.answers import read_answers
    from theory.check import check_answers

    own = own_exercises(course_settings(HERE), HERE)
    try:
        answers = read_answers(data, name=name)
    except AnswersError as error:
        return str(error), []
    results = check_answers(answers, own.exercises, laws=lambda _question, _parameters: None)
    unread = [result for result in results if result.status not in READ]
    lost = [result.id for result in results if result.id not in answers and result.id not in answers.faults]
    sentences = [f"{name}: {result.id} cannot be read: {_first_line(result.message)}" for result in unread]
    sentences += [f"{name}: {id} has no line any more; python -m theory sheet prints it" for id in lost]
    if own.student and folded(answers.get("student", "")) != folded(own.student):
        sentences.append(f"{name}: expected student: '{own.student}', as {FILE} has it")
    return "", sentences


def _first_line(message: str) -> str:
    return message.splitlines()[0].rstrip(".")
