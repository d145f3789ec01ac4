"""Control characters in an answer: what "double quotes" made of a backslash, or what came from a PDF."""

from __future__ import annotations

import re

from theory.encoding import REPLACED
from theory.errors import ParseError

# "\frac" in double quotes is a form feed and "rac"; what such a character was before YAML read it.
ESCAPES = {
    "\f": "f", "\b": "b", "\r": "r", "\v": "v", "\a": "a", "\x1b": "e", "\0": "0", "\x85": "N", "\u2028": "L",
    "\u2029": "P", "\t": "t", "\n": "n",
}  # fmt: skip
EATEN = re.compile(
    "[\f\b\r\v\a\x1b\0\x85\u2028\u2029][A-Za-z]{0,20}"
    "|\t(?:imes|anh|ext|frac|hinspace|op|ilde|au|heta|o)(?![a-z])[A-Za-z]{0,20}"
    "|\n(?:eq|ewline|abla|ot|eg|u|olimits|onumber|icefrac)(?![a-z])[A-Za-z]{0,20}"
)


def check_characters(text: str) -> None:
    """Raise ParseError if `text` holds a character that nobody types."""
    if found := EATEN.search(text):
        letter, rest = ESCAPES[found.group(0)[0]], found.group(0)[1:]
        raise ParseError(
            f'"double quotes" removed a backslash: YAML reads \\{letter} as a control character, and of '
            f"\\{letter}{rest} only {rest!r} is left. Write the answer in 'single quotes'."
        )
    if REPLACED in text:
        raise ParseError(
            "a character in it cannot be printed, as in text copied from a PDF: delete it and retype it."
        )
