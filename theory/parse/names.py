"""Names in a text: which word of the vocabulary is meant, and which index it carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import sympy
from lark import Token

from theory.parse import notation
from theory.parse.span import Span
from theory.parse.vocabulary import Vocabulary


class SymbolToken(Token):
    """A token that carries the sympy symbol it stands for."""

    symbol: sympy.Symbol


@dataclass
class Names:
    """The names that `vocabulary` gives to a text, in which signs are plain already."""

    vocabulary: Vocabulary
    signs: str

    def meaning(self, word: str) -> str:
        """Return the name of the vocabulary that `word` means: sigmoid is sigma."""
        alias = notation.ALIASES.get(word)
        return alias if alias in self.vocabulary.functions else word

    def is_known(self, word: str) -> bool:
        """Tell whether `word` is a name or a function of the vocabulary."""
        name = self.meaning(word)
        return name in self.vocabulary.functions or bool(self.vocabulary.indices(name))

    def first_of(self, letters: str) -> str:
        """Return the longest known name that `letters` begin with, or all of them."""
        return next((name for name in self._words if letters.startswith(name)), letters)

    def hat_at(self, place: int) -> Span | None:
        """Find a letter with a hat that the vocabulary has, in any spelling: yhat, y_hat, hat(y)."""
        found = notation.HAT.match(self.signs, place)
        name = f"{next(filter(None, found.groups()))}hat" if found else ""
        return Span(name, found.end()) if found and self.vocabulary.indices(name) else None

    def symbol(self, word: str, *, start: int, end: int) -> SymbolToken | str:
        """Return the symbol called `word` with the index that follows; its spelling if there is none."""
        tried = ""
        for pattern in (*notation.INDICES, *self._loose(word)):
            found = pattern.match(self.signs, end)
            if found is None:
                continue
            tried = tried or found.group(0).strip()
            written = ",".join(part for part in found.groups() if part).translate(notation.SCRIPTS)
            symbol = self.vocabulary.resolve(word, written)
            if symbol is not None:
                return _carrying(symbol, start, found.end())
        symbol = self.vocabulary.resolve(word, "")
        if symbol is None:
            return f"{word}{tried}" if tried else f"{word} without index"
        return _carrying(symbol, start, end)

    def bare_arguments(self, place: int) -> set[int]:
        r"""Return where arguments without braces stand after a \frac that ends at `place`."""
        first = self._past_blanks(place)
        is_braced = self.signs[first : first + 1] == "{"
        command = notation.COMMAND.match(self.signs, first)
        after = (
            self._closing.get(first, len(self.signs))
            if is_braced
            else command.end()
            if command
            else first + 1
        )
        second = self._past_blanks(after)
        found = {first} if not is_braced else set()
        return found | ({second} if self.signs[second : second + 1] not in ("{", "") else set())

    @cached_property
    def _closing(self) -> dict[int, int]:
        """Map each opening brace to the place after the one that closes it."""
        opened, closing = [], {}
        for place, char in enumerate(self.signs):
            if char == "{" and self.signs[place - 1 : place] != "\\":
                opened.append(place)
            elif char == "}" and self.signs[place - 1 : place] != "\\" and opened:
                closing[opened.pop()] = place + 1
        return closing

    def _past_blanks(self, place: int) -> int:
        while self.signs[place : place + 1].isspace():
            place += 1
        return place

    @cached_property
    def _words(self) -> tuple[str, ...]:
        aliases = [word for word, name in notation.ALIASES.items() if name in self.vocabulary.functions]
        extra = ["infinity", "inf", *(["e"] if "exp" in self.vocabulary.functions else [])]
        return (*sorted([*aliases, *self.vocabulary.words()], key=len, reverse=True), *extra)

    def _loose(self, word: str) -> tuple[re.Pattern[str], ...]:
        if not self.vocabulary.needs_index(word):
            return ()
        raised = notation.RAISED_INDICES if self.vocabulary.is_matrix(word) else ()
        return (notation.CALLED_INDEX, *raised)


def _carrying(symbol: sympy.Symbol, start: int, end: int) -> SymbolToken:
    token = SymbolToken("SYMBOL", symbol.name, start_pos=start, end_pos=end)
    token.symbol = symbol
    return token
