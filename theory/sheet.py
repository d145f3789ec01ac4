"""The sheet as students meet it: question texts, the blank answers.yaml, and what a check found."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from theory.questions import Question

if TYPE_CHECKING:
    from theory.check import AnswerResult

HEADER = """\
# Your answers, one text each, between the 'single quotes' or below a "|". theory/README.md says how to write.
#   python -m theory show QUESTION           the question
#   python -m theory check                   whether each answer can be read, and is right where that is open
# Plain notation and LaTeX are both read. Keep the 'single quotes': "double quotes" change backslashes.
"""
SIGNS = {"right": "+", "wrong": "x", "unparsed": "?", "form": "?", "blank": "-", "ungraded": "."}
WIDTH = 96


WHOSE = """
# Whose questions these are: your id, as in variant.json. Without it nothing can be graded.
student: {}
"""


def blank_sheet(questions: Iterable[Question], *, student: str | None = None) -> str:
    """Return the text of answers.yaml before anything is answered.

    `student` is whose variant it is for, "" if that is still to be written; None: all have the same.
    """
    blocks = [HEADER]
    if student is not None:
        blocks.append(WHOSE.format("'" + student.replace("'", "''") + "'"))
    for question in questions:
        lines = [f"\n# --- {question.title}"]
        for blank in question.blanks:
            end = "" if blank.prompt.endswith((".", "?")) else ":"
            prompt = textwrap.wrap(f"{blank.prompt}{end} Write {blank.form.described}.", WIDTH)
            lines += [f"# {line}" for line in prompt]
            lines.append(f"{question.id}.{blank.name}: ''")
        blocks.append("\n".join(lines) + "\n")
    return "".join(blocks)


def question_text(question: Question) -> str:
    """Return one question in Markdown, its blanks listed, lines wrapped."""
    blanks = [
        f"- `{question.id}.{blank.name}`: {blank.prompt} ({blank.form.described})"
        for blank in question.blanks
    ]
    return f"# {question.title}\n\n{wrapped(question.text)}\n\n" + "\n".join(blanks) + "\n"


def wrapped(text: str) -> str:
    """Wrap paragraphs; lists and displayed formulas keep their lines."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = re.split(r"(\$\$.*?\$\$)", paragraph, flags=re.DOTALL)
        paragraphs.append("\n".join(_filled(piece) for piece in pieces if piece.strip()))
    return "\n\n".join(paragraphs)


def _filled(piece: str) -> str:
    if piece.startswith("$$"):
        return piece
    items = re.split(r"\n(?=- )", piece.strip())
    return "\n".join(textwrap.fill(" ".join(item.split()), WIDTH, break_long_words=False) for item in items)


def findings(results: Sequence[AnswerResult]) -> str:
    """Return what a check found, for a terminal: a line a blank, and below it what to do."""
    lines = []
    for result in results:
        lines.append(f"{SIGNS[result.status]} {result.id}: {result.status}")
        if result.status != "blank":
            notes = (*result.details, result.message, result.hint)
            lines += [textwrap.indent(note, "    ") for note in notes if note]
    counts = {status: sum(result.status == status for result in results) for status in SIGNS}
    summary = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return "\n".join([*lines, "", f"{len(results)} answers: {summary}."])
