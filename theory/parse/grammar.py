"""The grammar of answers (LALR: linear time, no recursion), and the words for what it expected."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from lark import Lark, Token
from lark.lexer import Lexer

from theory.parse.build import Build

GRAMMAR = r"""
    start: table
    table: row (_SEMI row)* _SEMI?
    row: sum (_COMMA sum)*
    sum: product ((PLUS | MINUS) product)*
    product: signed (STAR signed | SLASH signed | FLOORDIV signed | power)*
    ?signed: (PLUS | MINUS) signed | power
    ?power: postfix | postfix POW exponent
    ?exponent: power | (PLUS | MINUS) exponent -> signed
    ?postfix: atom | postfix TRANSPOSE
    ?atom: NUMBER -> number
        | SYMBOL -> symbol
        | EULER -> euler
        | INFINITY -> infinity
        | FUNC [POW NUMBER] argument -> call
        | FUNC POW _LBRACE NUMBER _RBRACE argument -> call
        | FRAC _LBRACE sum _RBRACE _LBRACE sum _RBRACE -> fraction
        | _LFLOOR sum _RFLOOR -> floored
        | _LCEIL sum _RCEIL -> ceiled
        | group
        | _LBRACKET table _RBRACKET -> brackets
        | _BEGIN table _END -> matrix
    ?argument: group | _LBRACKET sum _RBRACKET
    ?group: _LPAR row _RPAR -> tuple
        | _LBRACE sum _RBRACE
    %declare NUMBER SYMBOL EULER INFINITY FUNC FRAC PLUS MINUS STAR SLASH FLOORDIV POW TRANSPOSE
    %declare _LPAR _RPAR _LBRACE _RBRACE _LBRACKET _RBRACKET _BEGIN _END _COMMA _SEMI
    %declare _LFLOOR _RFLOOR _LCEIL _RCEIL
"""

OPERAND = "a number, a name or an opening bracket"
WORDS = MappingProxyType(
    {
        **dict.fromkeys(("NUMBER", "SYMBOL", "EULER", "INFINITY", "FUNC", "FRAC"), OPERAND),
        **dict.fromkeys(("_LBRACKET", "_BEGIN", "_LFLOOR", "_LCEIL"), OPERAND),
        **dict.fromkeys(("PLUS", "MINUS", "STAR", "SLASH", "FLOORDIV", "POW", "TRANSPOSE"),
                        "an operator such as + or *"),
        "_LPAR": '"("', "_LBRACE": '"{"', "_RPAR": '")"', "_RBRACE": '"}"', "_RBRACKET": '"]"',
        "_RFLOOR": '"⌋"', "_RCEIL": '"⌉"', "_END": "\\end{…}", "_COMMA": "a comma",
        "_SEMI": "the end of a row",
        "$END": "the end of the answer",
    }
)  # fmt: skip


class _Tokens(Lexer):
    """Hand tokens that the scanner made to the parser."""

    def __init__(self, _configuration: Any) -> None:
        """Take lark's configuration, of which nothing is needed."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
        """Yield the tokens that `Lark.parse` was given, as they are."""
        yield from lexer_state


# Building while parsing leaves no tree to walk, so no recursion, however long the answer.
PARSER = Lark(GRAMMAR, parser="lalr", lexer=_Tokens, transformer=Build())


def described(expected: set[str]) -> str:
    """Say in words what could have stood at the place of an error."""
    kinds = set(expected)
    if "NUMBER" in kinds:  # an operand could stand here: signs and brackets then go without saying
        kinds -= {"PLUS", "MINUS", "_LPAR", "_LBRACE"}
    words = list(dict.fromkeys(WORDS.get(kind, kind) for kind in sorted(kinds)))
    return " or ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + " or " + words[-1]
