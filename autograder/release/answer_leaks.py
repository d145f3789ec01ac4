"""Does anything that students get contain an answer to a question, in any notation?

Each answer becomes a pattern that spacing, LaTeX and thousands separators do not hide. What says too little
is not looked for: numbers of one to three digits, and answers of 0, 1 and 2 alone, stand in every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

FEWEST_DIGITS = 4  # of a number by itself: 0.64 says nothing yet, -0.640 does
SHORTEST = 6  # characters of a formula
COMMON = {"0", "1", "2"}
TOKEN = re.compile(r"\\?[A-Za-z]+|\d+(?:\.\d+)?|\S")
DECORATION = re.compile(r"\\left|\\right|\\,|\\mathbb\{R\}\^|[${}`]")
SIZE = re.compile(r"\d+(?:\s*x\s*\d+)+")
TIMES = r"(?:x|×|by|\\times)"
PRODUCT = r"(?:\*|·|\\cdot)?"


def find_answers(answers: Mapping[str, str], shown: Mapping[str, str]) -> Iterator[str]:
    """Yield, a line each, which of the `answers`, name to text, stands in which file of `shown`."""
    patterns = {
        name: re.compile(_pattern(text), re.IGNORECASE) for name, text in answers.items() if is_telling(text)
    }
    for path, text in shown.items():
        plain = DECORATION.sub("", text)
        for name, pattern in patterns.items():
            if found := pattern.search(plain):
                yield f"{path} holds the answer {name}: {found[0].strip()[:60]}"


def is_telling(answer: str) -> bool:
    """Tell whether an answer that is found in a page says anything.

    >>> [is_telling(text) for text in ("5 x 7", "(0, 1)", "3/2", "-0.830", "z (3 - z)", "1, 1; 1, 1")]
    [True, False, False, True, True, False]
    """
    numbers = re.findall(r"\d+(?:\.\d+)?", answer)
    if re.search(r"[A-Za-z]", SIZE.sub("", answer)):
        return len("".join(answer.split())) >= SHORTEST
    if set(numbers) <= COMMON:
        return False
    is_size = SIZE.fullmatch(answer.strip()) is not None
    return is_size or len(re.sub(r"\D", "", answer)) >= FEWEST_DIGITS


def _pattern(answer: str) -> str:
    """Return a regular expression for `answer`, with any spacing and with the signs of other notations."""
    is_size = SIZE.fullmatch(answer.strip()) is not None
    pieces = [_piece(token, is_size=is_size) for token in TOKEN.findall(answer)]
    found = r"(?<![\w.\\])" + r"\s*".join(pieces) + r"(?![\w]|\.\d)"
    if is_size:  # as a tuple, too, which is no longer than this
        entries = r"\s*,\s*".join(re.findall(r"\d+", answer))
        found += rf"|\(\s*{entries}\s*\)"
    return found


def _piece(token: str, *, is_size: bool) -> str:
    if is_size and token == "x":
        return TIMES
    if token == "*":
        return PRODUCT
    if token.isdigit() and len(token) > 3:
        first = len(token) % 3 or 3
        groups = [token[:first], *(token[place : place + 3] for place in range(first, len(token), 3))]
        return r"[,'\s]?".join(groups)
    if token in "-−":
        return "[-−]"
    return re.escape(token)
