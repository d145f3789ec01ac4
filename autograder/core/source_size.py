"""How much of a source file is code: comments, blanks and text cost a parser next to nothing, code a lot."""

from __future__ import annotations

import re

OF_A_TEXT = 8  # characters that a piece of text counts for, however long it is
COMMENT_LINES = re.compile(r"^[ \t\f]*#.*$", re.MULTILINE)
BLANKS = re.compile(r"\s+")
NEXT = re.compile(r"[\"'#]")
WITH_CODE = re.compile(r"[fFtT]")  # before a quote: there is code between the braces


def code_size(source: str, limit: int) -> int:
    """Return the characters of code in `source`, without looking further once they are more than `limit`.

    From the first text with code in it, such as an f-string, all counts but lines that are comments.

    >>> code_size("x = 'a long text' # and a comment", limit=20)
    12
    """
    if len(source) <= limit:
        return len(source)
    size, place = 0, 0
    while size <= limit:
        found = NEXT.search(source, place)
        start = found.start() if found else len(source)
        size += _weight(source[place:start])
        if found is None:
            break
        if found.group() == "#":
            place = _line_end(source, start)
        elif WITH_CODE.search(source[max(start - 2, 0) : start]):
            return size + _weight(COMMENT_LINES.sub("", source[start:]))
        else:
            size, place = size + OF_A_TEXT, _text_end(source, start)
    return size


def _weight(code: str) -> int:
    """Return the characters of a piece of code, each run of blanks as one, and its end."""
    plain = BLANKS.sub(" ", code).strip()
    return len(plain) + 1 if plain else 0


def _line_end(source: str, place: int) -> int:
    end = source.find("\n", place)
    return len(source) if end < 0 else end


def _text_end(source: str, start: int) -> int:
    """Return where the text that begins with the quote at `start` ends."""
    quote = source[start]
    is_long = source.startswith(quote * 3, start)
    mark = quote * 3 if is_long else quote
    place = start + len(mark)
    while True:
        end = source.find(mark, place)
        stop = -1 if is_long else source.find("\n", place, None if end < 0 else end)
        end = stop if stop >= 0 else end
        if end < 0:
            return len(source)
        if not _is_escaped(source, end, place):
            return end + (len(mark) if stop < 0 else 1)
        place = end + 1


def _is_escaped(source: str, place: int, start: int) -> bool:
    first = place
    while first > start and source[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1
