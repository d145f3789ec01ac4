"""Accuracies that are typed into a text, held against the run that the text is about.

Compared is what is surely meant as an accuracy: in a table every decimal below 1 and every percentage; in a
sentence only where it speaks of accuracy. Rounded to the digits that are typed, the number has to be one of
the run's. A setting, a formula, `code`, a difference ("12 % better") and a loss are left alone: a wrong word
about a right number would cost more than a wrong number that is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report.document import Passage
from report.errors import Finding, Weight
from report.values import Numbers, Value

NUMBER = re.compile(
    r"(?<![\w.,/+−-])"
    r"(?:(?P<percent>\d{1,3}(?:\.\d+)?)[ \u00a0\u202f]?(?:%|per ?cent)|(?P<share>0?\.\d{2,}))"
    r"(?![\w%]|\.\d)"
)
ACCURACY = re.compile(
    r"accura|recall|correct|score|right|reach|achiev|\btest|valid|error|wrong", re.IGNORECASE
)
DIFFERENCE = re.compile(
    r"\b(?:points?|gains?|gained|improve\w*|increase\w*|decrease\w*|drop\w*|rise\w*|rose|fall\w*|fell|gap|differ\w*"
    r"|more|less|better|worse|higher|lower|above|below|ahead|behind|than|chance|guess\w*)\b",
    re.IGNORECASE,
)
SETTING = re.compile(
    r"(?:[βγληαμεσ]|\b(?:beta\w*|gamma|lambda|eta|alpha|lr|rates?|momentum|decay|reg\w*|dropout|smoothing|factors?"
    r"|probability|thresholds?|std|deviation|loss\w*|weights?|p))\W*(?:(?:of|was|is|to|from|at|by|and|or|=|:|→)\W*)*"
    r"(?:[\d.]+\W*(?:to|and|or|→|,)?\W*)*$",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\bepochs?\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÄÖÜ“\"(])")
NEAREST = 2


def doubtful_numbers(passages: tuple[Passage, ...], numbers: Numbers) -> Iterator[Finding]:
    """Yield a remark for every accuracy in the passages that no run has."""
    if not numbers.values:
        return
    for passage in passages:
        for start, sentence in _sentences(passage):
            for match in NUMBER.finditer(sentence):
                if _is_meant(match, sentence, passage.kind) and not _is_known(match, sentence, numbers):
                    line = passage.line_at(start + match.start())
                    yield Finding(line, _remark(match, numbers.values), Weight.REMARK)


def _sentences(passage: Passage) -> Iterator[tuple[int, str]]:
    """Yield where each sentence of a passage begins, and the sentence."""
    begin = 0
    for end in [match.start() for match in SENTENCE_END.finditer(passage.text)] + [len(passage.text)]:
        yield begin, passage.text[begin:end]
        begin = end


def _is_meant(match: re.Match[str], sentence: str, kind: str) -> bool:
    """Return whether a number is surely an accuracy."""
    if kind == "cell":
        return True
    if kind == "heading" or not ACCURACY.search(sentence) or SETTING.search(sentence[: match.start()]):
        return False
    return not (match["percent"] and (DIFFERENCE.search(sentence) or float(match["percent"]) in (0, 50, 100)))


def _is_known(match: re.Match[str], sentence: str, numbers: Numbers) -> bool:
    typed, half = _typed(match)
    known = [value.number for value in numbers.values]
    known += [value.number for value in numbers.by_epoch] if EPOCH.search(sentence) else []
    known += (
        [1 - number for number in known] if re.search(r"error|wrong|miss", sentence, re.IGNORECASE) else []
    )
    if match["share"]:
        known += numbers.settings
    return any(abs(number - typed) <= half for number in known)


def _typed(match: re.Match[str]) -> tuple[float, float]:
    """Return a typed number as a share in [0, 1], and half a unit of its last digit."""
    text, scale = (match["percent"], 100) if match["percent"] else (match["share"], 1)
    digits = len(text.partition(".")[2])
    return float(text) / scale, 0.5 * 10**-digits / scale + 1e-9


def _remark(match: re.Match[str], values: tuple[Value, ...]) -> str:
    typed, _ = _typed(match)
    by_number = {value.number: value for value in reversed(values)}
    nearest = sorted(by_number.values(), key=lambda value: abs(value.number - typed))[:NEAREST]
    words = " and ".join(f"{_like(value.number, match)} ({value.label})" for value in nearest)
    return (
        f"{match.group().strip()} is typed, but the run has no such accuracy; the nearest are {words}; "
        "fix it, or write it as `code` if it is something else."
    )


def _like(number: float, match: re.Match[str]) -> str:
    """Return a number written like the typed one."""
    text = match["percent"] or match["share"]
    digits = len(text.partition(".")[2])
    return f"{100 * number:.{digits}f} %" if match["percent"] else f"{number:.{digits}f}"
