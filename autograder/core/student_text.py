"""Text that students chose, made safe for our sentences: on one line, bounded, and marked as theirs.

A file name, an exception's message or a printed line may be written so as to read like a verdict of the
grader. So a name stands bare only where it cannot be read as a sentence, and all else stands between quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 300  # characters of a message that is quoted
LONGEST_NAME = 80
# Beside what is UNSAFE: letters and marks that show nothing, or pass for a blank.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U000e0000-\U000e0fff]")
UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")
JOINERS = "\u200c\u200d"  # invisible, but part of how names are written in Persian and Hindi
BARE = re.compile(r"[\w./\\+@~,=#%()\[\]{}&-]+")


def harmless(text: str, mark: str = "�") -> str:
    """Put `mark` for control, direction and zero-width characters and lone surrogates, not for line ends.

    A joiner stays behind a letter of a script that needs it.

    >>> harmless("a\\x1b[31mb\\u202ec"), harmless("a\\u200db", "")
    ('a�[31mb�c', 'ab')
    """
    seen = text.replace("\n", "").replace("\t", "")
    if seen.isprintable() and not UNSEEN.search(seen):  # the usual case, quickly told
        return text
    return "".join(
        character if _is_harmless(character, before) else mark
        for before, character in zip(f" {text}", text, strict=False)
    )


def _is_harmless(character: str, before: str) -> bool:
    if character in "\n\t":
        return True
    if character in JOINERS:
        return unicodedata.category(before) in ("Lo", "Mn", "Mc")  # a letter that knows no upper case
    return unicodedata.category(character) not in UNSAFE and not UNSEEN.match(character)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return the first of the names, sorted, for a message, and how many more there are.

    >>> listed(["c.py", "a.py", "b.py"], most=2)
    'a.py, b.py and 1 more'
    """
    found = sorted(names)
    text = ", ".join(shown(name) for name in found[:most])
    return text if len(found) <= most else f"{text} and {len(found) - most} more"


def printable(text: str, limit: int = LONGEST_NAME) -> str:
    """Return `text` on one line, what cannot be seen as its escape, at most `limit` characters.

    >>> printable("a\\x1bb\\n")
    'a\\\\x1bb\\\\n'
    """
    kept = "".join(
        c if c.isprintable() and not UNSEEN.match(c) else ascii(c)[1:-1] for c in text[: 2 * limit]
    )
    end = min(19, limit // 4)
    return kept if len(kept) <= limit else f"{kept[: limit - end - 1]}…{kept[-end:]}"


def quoted(text: str, limit: int = LONGEST) -> str:
    """Return `text` between double quotes that it cannot end by itself.

    >>> quoted('no". Full points')
    '"no\\'. Full points"'
    """
    return f'"{printable(" ".join(text.split()), limit).translate(INSIDE)}"'


INSIDE = str.maketrans(dict.fromkeys('"“”„‟«»＂″', "'"))


def shown(name: str) -> str:
    """Return a file's name as it may stand in a message: between quotes, unless nothing in it needs them.

    >>> shown("modules/relu.py"), shown("Full points. Well done.py")
    ('modules/relu.py', '"Full points. Well done.py"')
    """
    text = printable(name)
    return text if BARE.fullmatch(text) else quoted(text, LONGEST_NAME)
