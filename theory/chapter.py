"""For notebooks: what the laws say about answers, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from theory.check import AnswerResult, check_answers
from theory.law import Law
from theory.questions import Exercise

VERDICTS = {"right": "right", "wrong": "wrong", "unparsed": "not read", "form": "another form"}


def answers_table(exercise: Exercise, blank: str, texts: Iterable[str]) -> str:
    """Return one row for each of `texts` as the answer to one blank: what was found, and what is said.

    Raises: ValueError if the question has no such blank.
    """
    found = [(text, _checked(exercise, blank, text)) for text in texts]
    rows = [(_code(text), VERDICTS.get(one.status, one.status), _said(one)) for text, one in found]
    return _table(("answer", "verdict", "what is said"), rows)


def misconceptions_table(law: Law, *, most: int = 8) -> str:
    """Return one row per misconception of `law`, of the first ones: name, an answer that has it, hint."""
    rows = [(f"**{one.id}**", _code(one.example), one.hint) for one in law.misconceptions[:most]]
    more = len(law.misconceptions) - len(rows)
    if more > 0:
        rows.append((f"… and {more} more", "", ""))
    return _table(("misconception", "an answer that has it", "hint"), rows)


def _checked(exercise: Exercise, blank: str, text: str) -> AnswerResult:
    id = f"{exercise.question.id}.{blank}"
    found = [one for one in check_answers({id: text}, [exercise]) if one.id == id]
    if not found:
        names = ", ".join(one.name for one in exercise.question.blanks)
        raise ValueError(f"{exercise.question.id}: expected a blank, one of {names}, got {blank!r}.")
    return found[0]


def _said(one: AnswerResult) -> str:
    if one.status == "unparsed":  # the caret points at a place, so lines must stay lines
        return _code(one.message)
    hint = f" **{one.misconception}**: {one.hint}" if one.misconception else ""
    return _plain(one.message) + hint


def _code(text: str) -> str:
    """Return a text as code in one field of a table."""
    return "<br>".join(f"<code>{_plain(line)}</code>" for line in text.splitlines())


def _plain(text: str) -> str:
    """Return a text in which Markdown, HTML and TeX find nothing to do."""
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    signs |= {sign: f"&#{ord(sign)};" for sign in "|*_$`[]\\"}
    return "".join(signs.get(sign, sign) for sign in text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
