"""From text to tokens: plain notation and LaTeX end in the same few kinds.

Kinds: NUMBER SYMBOL FUNC EULER INFINITY PLUS MINUS STAR SLASH POW FRAC TRANSPOSE, and the punctuation
_LPAR _RPAR _LBRACE _RBRACE _LBRACKET _RBRACKET _BEGIN _END, _COMMA (also &), _SEMI (also the end of a row).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

import sympy
from lark import Token

from theory.errors import ParseError
from theory.parse import notation
from theory.parse.bounds import BOUNDS
from theory.parse.vocabulary import Vocabulary

PUNCTUATION = MappingProxyType(
    {
        "**": "POW", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "^": "POW", "'": "TRANSPOSE",
        "(": "_LPAR", ")": "_RPAR", "{": "_LBRACE", "}": "_RBRACE", "[": "_LBRACKET", "]": "_RBRACKET",
        ",": "_COMMA", "&": "_COMMA", ";": "_SEMI", "\\\\": "_SEMI",
    }
)  # fmt: skip
OPENING = frozenset({"_LPAR", "_LBRACE", "_LBRACKET", "_BEGIN"})
CLOSING = frozenset({"_RPAR", "_RBRACE", "_RBRACKET", "_END"})


class SymbolToken(Token):
    """A token that carries the sympy symbol it stands for."""

    symbol: sympy.Symbol


@dataclass
class Scanner:
    """Read one text from left to right; `position` counts characters, `nesting` open brackets."""

    text: str
    vocabulary: Vocabulary
    is_table: bool
    position: int = 0
    nesting: int = 0
    signs: str = field(init=False)

    def __post_init__(self) -> None:
        """Replace signs one by one, so that places in the text stay where they are, and skip `A =`."""
        self.signs = self.text.translate(notation.SIGNS)
        self.position = self.signs.rfind("=") + 1

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens; raise ParseError at the first thing that is none."""
        while self._skip_spaces():
            start = self.position
            for token in self._next():
                self._count_nesting(token)
                yield token
            if self.position == start:
                raise self.error(f"did not expect {self.text[start]!r} in a formula.")

    def error(self, message: str, *, at: int | None = None) -> ParseError:
        """Return the error that points at `at`, or at where the scanner stands."""
        return ParseError(message, text=self.text, position=self.position if at is None else at)

    def _skip_spaces(self) -> bool:
        while self.position < len(self.signs):
            found = notation.SPACES.match(self.signs, self.position)
            if found:
                self.position = found.end()
            elif self.signs[self.position] == "\n" and (not self.is_table or self.nesting):
                self.position += 1
            else:
                return True
        return False

    def _next(self) -> Iterator[Token]:
        char = self.signs[self.position]
        if notation.ELLIPSIS.match(self.signs, self.position):
            raise self.error("dots cannot be checked: write every entry or term.")
        if char == "\\" and not self.signs.startswith("\\\\", self.position):
            yield from self._command()
        elif char in notation.GREEK or (char.isascii() and char.isalpha()):
            yield from self._letters()
        elif found := notation.NUMBER.match(self.signs, self.position):
            yield self._number(found.end())
        elif char in notation.SUPERSCRIPTS:
            yield self._token("POW", "^", self.position)
            yield self._token("NUMBER", notation.SUPERSCRIPTS[char], self.position + 1)
        else:
            yield from self._sign(char)

    def _sign(self, char: str) -> Iterator[Token]:
        transposed = notation.TRANSPOSED.match(self.signs, self.position)
        if transposed and not self.vocabulary.indices("T"):
            yield self._token("TRANSPOSE", "^T", transposed.end())
        elif char == "\n":
            yield self._token("_SEMI", "\n", self.position + 1)
        else:
            for text in (self.signs[self.position : self.position + 2], char):
                if text in PUNCTUATION:
                    yield self._token(PUNCTUATION[text], text, self.position + len(text))
                    return

    def _number(self, end: int) -> Token:
        text = self.signs[self.position : end]
        if len(text) > BOUNDS.digits:
            raise self.error(f"expected a number of at most {BOUNDS.digits} digits, got {len(text)}.")
        return self._token("NUMBER", text, end)

    def _command(self) -> Iterator[Token]:
        matrix = notation.MATRIX.match(self.signs, self.position)
        wrapped = notation.WRAPPED.match(self.signs, self.position)
        hat = notation.HAT.match(self.signs, self.position)
        named = notation.COMMAND.match(self.signs, self.position)
        if matrix:
            yield self._matrix(matrix.group(1), matrix.group(2), matrix.end())
        elif wrapped or hat:
            word = wrapped.group(1) if wrapped else f"{hat.group(1) or hat.group(2)}hat" if hat else ""
            yield from self._word(word, (wrapped or hat or matrix).end())  # type: ignore[union-attr]
        elif named and named.group(1) in notation.COMMANDS:
            kind, text = notation.COMMANDS[named.group(1)]
            yield from [self._token(kind, text, named.end())] if kind else self._pass_over(named.end())
        elif named:
            yield from self._word({"infty": "infinity"}.get(named.group(1), named.group(1)), named.end())

    def _pass_over(self, end: int) -> Iterator[Token]:
        self.position = end
        return iter(())

    def _matrix(self, side: str, name: str, end: int) -> Token:
        if name not in notation.MATRIX_NAMES:
            raise self.error(f"expected a matrix such as \\begin{{bmatrix}}, got the environment {name!r}.")
        columns = notation.COLUMNS.match(self.signs, end) if name == "array" and side == "begin" else None
        return self._token(
            "_BEGIN" if side == "begin" else "_END", f"\\{side}", columns.end() if columns else end
        )

    def _letters(self) -> Iterator[Token]:
        run = notation.LETTERS.match(self.signs, self.position)
        if run is None:
            yield from self._word(notation.GREEK[self.signs[self.position]], self.position + 1)
            return
        known = self._known()
        end = run.end()
        while self.position < end:
            rest = self.signs[self.position : end]
            word = next((name for name in known if rest.startswith(name)), rest)
            yield from self._word(word, self.position + len(word))

    def _known(self) -> tuple[str, ...]:
        extra = ("infinity", "inf", "e") if "exp" in self.vocabulary.functions else ("infinity", "inf")
        return (*self.vocabulary.words(), *extra)

    def _word(self, word: str, end: int) -> Iterator[Token]:
        """Yield the symbol, function or constant called `word`, whose spelling ends at `end`."""
        if word in self.vocabulary.functions:
            yield self._token("FUNC", word, end)
        elif self.vocabulary.indices(word):
            yield self._symbol(word, end)
        elif word == "e" and "exp" in self.vocabulary.functions:
            yield self._token("EULER", word, end)
        elif word in ("infinity", "inf"):
            yield self._token("INFINITY", word, end)
        else:
            raise self.error(
                f"unknown name {word[:20]!r}; this answer may use {self.vocabulary.described()}."
            )

    def _symbol(self, word: str, end: int) -> Token:
        tried = ""
        for pattern in notation.INDICES:
            found = pattern.match(self.signs, end)
            if found is None:
                continue
            tried = tried or found.group(0).strip()
            symbol = self.vocabulary.resolve(word, ",".join(part for part in found.groups() if part))
            if symbol is not None:
                return self._carrying(symbol, found.end())
        symbol = self.vocabulary.resolve(word, "")
        if symbol is None:
            got = f"{word}{tried}" if tried else f"{word} without index"
            raise self.error(f"there is no {got} here; this answer may use {self.vocabulary.described()}.")
        return self._carrying(symbol, end)

    def _carrying(self, symbol: sympy.Symbol, end: int) -> Token:
        token = SymbolToken("SYMBOL", symbol.name, start_pos=self.position, end_pos=end)
        token.symbol = symbol
        self.position = end
        return token

    def _token(self, kind: str, text: str, end: int) -> Token:
        token = Token(kind, text, start_pos=self.position, end_pos=end)
        self.position = end
        return token

    def _count_nesting(self, token: Token) -> None:
        self.nesting += (token.type in OPENING) - (token.type in CLOSING)
        if self.nesting > BOUNDS.nesting:
            raise self.error(f"brackets are nested deeper than {BOUNDS.nesting}.", at=token.start_pos)
