"""From text to tokens: plain notation and LaTeX end in the same few kinds.

Kinds: NUMBER SYMBOL FUNC EULER INFINITY PLUS MINUS STAR SLASH POW FRAC TRANSPOSE, and the punctuation
_LPAR _RPAR _LBRACE _RBRACE _LBRACKET _RBRACKET _BEGIN _END, _COMMA (also &), _SEMI (also the end of a row).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from lark import Token

from theory.errors import ParseError
from theory.parse import notation
from theory.parse.bounds import BOUNDS
from theory.parse.names import Names, SymbolToken
from theory.parse.span import Span, beginning_of, end_of
from theory.parse.vocabulary import Vocabulary

PUNCTUATION = MappingProxyType(
    {
        "**": "POW", "//": "FLOORDIV", "⌊": "_LFLOOR", "⌋": "_RFLOOR", "⌈": "_LCEIL", "⌉": "_RCEIL",
        "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "^": "POW", "'": "TRANSPOSE",
        "(": "_LPAR", ")": "_RPAR", "{": "_LBRACE", "}": "_RBRACE", "[": "_LBRACKET", "]": "_RBRACKET",
        ",": "_COMMA", "&": "_COMMA", ";": "_SEMI", "@": "STAR", "\\{": "_LBRACE", "\\}": "_RBRACE",
    }
)  # fmt: skip
OPENING = frozenset({"_LPAR", "_LBRACE", "_LBRACKET", "_BEGIN", "_LFLOOR", "_LCEIL"})
CLOSING = frozenset({"_RPAR", "_RBRACE", "_RBRACKET", "_END", "_RFLOOR", "_RCEIL"})
ROUNDING = frozenset({"_LFLOOR", "_LCEIL", "FLOORDIV"})


@dataclass
class Scanner:
    """Read one text from left to right; `position` counts characters, `nesting` open brackets."""

    text: str
    vocabulary: Vocabulary
    is_table: bool
    position: int = 0
    nesting: int = 0
    signs: str = field(init=False)
    names: Names = field(init=False)
    arguments: set[int] = field(default_factory=set)  # where \frac12 has an argument without braces

    def __post_init__(self) -> None:
        """Replace signs one by one, so that places in the text stay where they are, and skip `A =`."""
        signs = notation.plain_signs(self.text)
        self.signs = signs[: end_of(signs)]
        self.position = beginning_of(self.signs)
        self.names = Names(self.vocabulary, self.signs)

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens; raise ParseError at the first thing that is none."""
        while self._skip_spaces():
            start = self.position
            for token in self._argument() if start in self.arguments else self._next():
                self._count_nesting(token)
                self._check_rounding(token)
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
        braced = notation.BRACED.match(self.signs, self.position) if char == "{" else None
        if notation.ELLIPSIS.match(self.signs, self.position):
            raise self.error("dots cannot be checked: write out every entry or term.")
        if char == "\\" and self.signs[self.position + 1 : self.position + 2] not in ("\\", "{", "}"):
            yield from self._command()
        elif braced and self.vocabulary.needs_index(braced.group(1)):
            yield from self._word(braced.group(1), braced.end())
        elif char in notation.GREEK or (char.isascii() and char.isalpha()):
            yield from self._letters()
        elif char in notation.FRACTIONS:
            yield self._token("NUMBER", notation.FRACTIONS[char], self.position + 1)
        elif found := self._number_at():
            yield self._number(found[0], found[1])
        elif power := notation.POWER.match(self.signs, self.position):
            yield from self._power(power.group(1), power.group(2), power.end())
        else:
            yield from self._sign(char)

    def _sign(self, char: str) -> Iterator[Token]:
        transposed = notation.TRANSPOSED.match(self.signs, self.position)
        row_end = notation.ROW_END.match(self.signs, self.position)
        if transposed and not self.vocabulary.indices("T"):
            yield self._token("TRANSPOSE", "^T", transposed.end())
        elif row_end:
            yield self._token("_SEMI", "\\\\", row_end.end())
        elif char == "\n":
            yield self._token("_SEMI", "\n", self.position + 1)
        else:
            for text in (self.signs[self.position : self.position + 2], char):
                if text in PUNCTUATION:
                    yield self._token(PUNCTUATION[text], text, self.position + len(text))
                    return

    def _power(self, sign: str, digits: str, end: int) -> Iterator[Token]:
        yield self._token("POW", "^", self.position)
        if sign:
            yield self._token("MINUS" if sign == "⁻" else "PLUS", sign, self.position + 1)
        yield self._number(digits.translate(notation.SCRIPTS), end)

    def _number_at(self) -> Span | None:
        """Find the number here: its digits, and where its spelling ends."""
        grouped = None if self.is_table else notation.GROUPED.match(self.signs, self.position)
        if grouped:
            return Span(grouped.group(0).replace(grouped.group("mark"), ""), grouped.end())
        can_scale = "exp" not in self.vocabulary.functions  # elsewhere 2e is 2 times Euler's number
        scaled = notation.SCIENTIFIC.match(self.signs, self.position) if can_scale else None
        found = scaled or notation.NUMBER.match(self.signs, self.position)
        return Span(found.group(0), found.end()) if found else None

    def _number(self, text: str, end: int) -> Token:
        if len(text) > BOUNDS.digits:
            raise self.error(f"expected a number of at most {BOUNDS.digits} digits, got {len(text)}.")
        return self._token("NUMBER", text, end)

    def _argument(self) -> Iterator[Token]:
        r"""Yield one digit or name as if it stood in braces: \frac12 is \frac{1}{2}."""
        char = self.signs[self.position]
        yield self._token("_LBRACE", "{", self.position)
        if char == "\\":
            yield from self._command()
        elif char in notation.GREEK or (char.isascii() and char.isalpha()):
            yield from self._word(notation.GREEK.get(char, char), self.position + 1)
        elif char.isdigit() and char.isascii():
            yield self._token("NUMBER", char, self.position + 1)
        else:
            raise self.error(r"expected the two arguments of \frac in braces.")
        yield self._token("_RBRACE", "}", self.position)

    def _command(self) -> Iterator[Token]:
        matrix = notation.MATRIX.match(self.signs, self.position)
        wrapped = notation.WRAPPED.match(self.signs, self.position)
        named = notation.COMMAND.match(self.signs, self.position)
        hat = self.names.hat_at(self.position)
        if matrix:
            yield from self._environment(matrix.group(1), matrix.group(2), matrix.end())
        elif hat:
            yield from self._word(hat.text, hat.end)
        elif wrapped and (self.names.is_known(wrapped.group(1)) or wrapped.group(1) in ("e", "T")):
            yield from self._word(wrapped.group(1), wrapped.end())
        elif named and named.group(1) in notation.FRACTION_COMMANDS:
            yield self._token("FRAC", "frac", named.end())
            self.arguments |= self.names.bare_arguments(self.position)
        elif named and named.group(1) in notation.COMMANDS:
            kind, text = notation.COMMANDS[named.group(1)]
            yield from [self._token(kind, text, named.end())] if kind else self._pass_over(named.end())
        elif named:
            yield from self._word({"infty": "infinity"}.get(named.group(1), named.group(1)), named.end())

    def _pass_over(self, end: int) -> Iterator[Token]:
        self.position = end
        return iter(())

    def _environment(self, side: str, name: str, end: int) -> Iterator[Token]:
        if name in notation.LAYOUT_NAMES:
            return self._pass_over(end)
        if name not in notation.MATRIX_NAMES:
            raise self.error(f"expected a matrix such as \\begin{{bmatrix}}, got the environment {name!r}.")
        columns = notation.COLUMNS.match(self.signs, end) if name == "array" and side == "begin" else None
        kind = "_BEGIN" if side == "begin" else "_END"
        return iter((self._token(kind, f"\\{side}", columns.end() if columns else end),))

    def _letters(self) -> Iterator[Token]:
        passed = notation.MODULE.match(self.signs, self.position) or (
            notation.ARRAY.match(self.signs, self.position) if self.is_table else None
        )
        if passed:  # np.exp(x)
            self.position = passed.end()
            return
        if hat := self.names.hat_at(self.position):
            yield from self._word(hat.text, hat.end)
            return
        run = notation.LETTERS.match(self.signs, self.position)
        if run is None:
            yield from self._word(notation.GREEK[self.signs[self.position]], self.position + 1)
            return
        end = run.end()
        while self.position < end and not self.names.hat_at(self.position):
            word = self.names.first_of(self.signs[self.position : end])
            yield from self._word(word, self.position + len(word))

    def _word(self, word: str, end: int) -> Iterator[Token]:
        """Yield the symbol, function or constant called `word`, whose spelling ends at `end`."""
        name = self.names.meaning(word)
        if name in self.vocabulary.functions:
            yield self._token("FUNC", name, end)
        elif self.vocabulary.indices(name):
            yield self._symbol(name, end)
        elif name == "e" and "exp" in self.vocabulary.functions:
            yield self._token("EULER", name, end)
        elif name in ("infinity", "inf"):
            yield self._token("INFINITY", name, end)
        elif name in ("x", "X") and not self.vocabulary.kinds and not self.is_table:  # 6 x 6 x 20
            yield self._token("STAR", "*", end)
        else:
            raise self.error(
                f"unknown name {word[:20]!r}; this answer may use {self.vocabulary.described()}."
            )

    def _symbol(self, word: str, end: int) -> Token:
        token = self.names.symbol(word, start=self.position, end=end)
        if not isinstance(token, SymbolToken):
            raise self.error(f"there is no {token} here; this answer may use {self.vocabulary.described()}.")
        self.position = token.end_pos or end
        return token

    def _token(self, kind: str, text: str, end: int) -> Token:
        token = Token(kind, text, start_pos=self.position, end_pos=end)
        self.position = end
        return token

    def _check_rounding(self, token: Token) -> None:
        if token.type in ROUNDING and self.vocabulary.kinds and "floor" not in self.vocabulary.functions:
            raise self.error("this answer uses no rounding.", at=token.start_pos)

    def _count_nesting(self, token: Token) -> None:
        self.nesting += (token.type in OPENING) - (token.type in CLOSING)
        if self.nesting > BOUNDS.nesting:
            raise self.error(f"brackets are nested deeper than {BOUNDS.nesting}.", at=token.start_pos)
