"""What of a sheet grading could not read, for the collector, which asks before a student hands in."""

from __future__ import annotations

from theory.errors import AnswersError
from theory.settings import course_settings, exercises

READ = ("right", "wrong", "blank", "ungraded")


def faults(data: bytes, name: str) -> tuple[str, list[str]]:
    """Return why a sheet cannot be read at all, or "", and a sentence for each answer that cannot be.

    Raises: ImportError where a package that reading needs is missing.
    """
    from theory.answers import read_answers
    from theory.check import check_answers

    asked = exercises(course_settings())
    try:
        answers = read_answers(data, name=name)
    except AnswersError as error:
        return str(error), []
    results = check_answers(answers, asked, laws=lambda _question, _parameters: None)
    unread = [result for result in results if result.status not in READ]
    lost = [result.id for result in results if result.id not in answers and result.id not in answers.faults]
    sentences = [f"{name}: {result.id} cannot be read: {_first_line(result.message)}" for result in unread]
    sentences += [f"{name}: {id} has no line any more; python -m theory sheet prints it" for id in lost]
    return "", sentences


def _first_line(message: str) -> str:
    return message.splitlines()[0].rstrip(".")
