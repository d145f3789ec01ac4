"""For notebooks: write answers into answers.yaml, comments kept, and see at once how they were read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from theory.answers import read_answers
from theory.check import AnswerResult, check_answers
from theory.encoding import decoded
from theory.errors import AnswersError
from theory.questions import Exercise


def with_answers(sheet: str, answers: Mapping[str, str]) -> str:
    """Return the text of a sheet with `answers` put in, and everything else as it was.

    >>> print(with_answers("# mine\\na.b: ''  # size", {"a.b": "5 x 7"}))
    # mine
    a.b: '5 x 7'  # size

    Raises: AnswersError if the sheet cannot be read, or has no line for an answer.
    """
    known = read_answers(sheet.encode())  # refuses what is no sheet
    missing = next((name for name in answers if name not in known), None)
    if missing is not None:
        raise AnswersError(
            f"answers.yaml: there is no line for {missing!r}; python -m theory sheet prints all lines."
        )
    try:
        places = yaml.compose(sheet, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise AnswersError(f"answers.yaml: to lose nothing, fix this first: {error}.") from None
    if not isinstance(places, yaml.MappingNode):
        return sheet
    for key, value in reversed(places.value):  # from the end, so that earlier places stay where they are
        if key.value in answers:
            start, end = key.end_mark.index, value.end_mark.index
            rest = sheet[end:] if sheet[end - 1 : end] != "\n" else "\n" + sheet[end:]
            sheet = f"{sheet[:start]}: {_quoted(answers[key.value])}{rest}"
    return sheet


def record(
    answers: Mapping[str, str], exercises: tuple[Exercise, ...], *, path: Path
) -> tuple[AnswerResult, ...]:
    """Write `answers` into the sheet at `path`, and return what checking them found."""
    text, _ = decoded(path.read_bytes(), path.name)
    path.write_text(with_answers(text, answers), encoding="utf-8")
    return tuple(result for result in check_answers(answers, exercises) if result.id in answers)


def _quoted(text: str) -> str:
    lines = text.strip("\n").splitlines()
    if len(lines) > 1:
        return "\n".join(["|-", *(f"  {line.strip()}" for line in lines)])
    return "'" + text.strip().replace("'", "''") + "'"
