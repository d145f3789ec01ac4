"""The exceptions of the theory checker; every one carries a message for its reader.

TheoryError
├── ParseError      an answer cannot be read as mathematics (student)
├── FormError       an answer can be read, but is not what the question asks for (student)
├── UndefinedError  an answer divides by zero, or nests functions too deeply to be decided (student)
├── AnswersError    the file of answers cannot be read (student)
└── SettingsError   the parameters of a question make no sense (staff)
"""

from __future__ import annotations


class TheoryError(Exception):
    """State where it happened, what was expected, what came and what to do, in one message."""


class ParseError(TheoryError):
    """An answer cannot be read as mathematics; the message points at the place with a caret.

    >>> print(ParseError("expected a number or a name here.", text="2 + ", position=4))
    column 5: expected a number or a name here.
        2 +
            ^
    """

    def __init__(self, message: str, *, text: str = "", position: int = 0) -> None:
        """Keep the message, and the line of `text` around the character at `position` (from 0)."""
        self.position = min(max(position, 0), len(text))
        super().__init__(_pointed(message, text, self.position) if text else message)


class FormError(TheoryError):
    """An answer is mathematics, but not of the form that the question asks for."""


class UndefinedError(TheoryError):
    """An answer has no value: it divides by zero, or nests functions deeper than is decided here."""


class AnswersError(TheoryError):
    """The file of answers cannot be read; its author can fix it."""


class SettingsError(TheoryError):
    """The parameters of a question, or the settings of the part, make no sense."""


def _pointed(message: str, text: str, position: int, *, width: int = 72) -> str:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    column, shift = position - start, max(0, position - start - width // 2)
    shown = "".join(char if char.isprintable() else " " for char in line[shift : shift + width]).rstrip()
    lead = "…" if shift else ""
    where = f"line {text.count(chr(10), 0, position) + 1}, " if "\n" in text else ""
    return (
        f"{where}column {column + 1}: {message}\n    {lead}{shown}\n    {' ' * (column - shift + len(lead))}^"
    )
