"""Blanks between the entries of a row, as NumPy and MATLAB write rows: `[1 0 -2]` is `[1, 0, -2]`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from lark import Token

ENDS = frozenset(
    {
        "NUMBER",
        "SYMBOL",
        "EULER",
        "INFINITY",
        "TRANSPOSE",
        "_RPAR",
        "_RBRACE",
        "_RBRACKET",
        "_END",
        "_RFLOOR",
        "_RCEIL",
    }
)
STARTS = frozenset(
    {
        "NUMBER",
        "SYMBOL",
        "EULER",
        "INFINITY",
        "FUNC",
        "FRAC",
        "_LPAR",
        "_LBRACE",
        "_LBRACKET",
        "_BEGIN",
        "_LFLOOR",
        "_LCEIL",
    }
)
OPENS = frozenset({"_LPAR", "_LBRACE", "_LBRACKET", "_BEGIN", "_LFLOOR", "_LCEIL"})
CLOSES = frozenset({"_RPAR", "_RBRACE", "_RBRACKET", "_END", "_RFLOOR", "_RCEIL"})


@dataclass
class _Row:
    """The row being read inside one pair of brackets."""

    is_list: bool
    has_commas: bool = False
    gaps: list[int] = field(default_factory=list)


def separate(tokens: list[Token], *, is_table: bool) -> list[Token]:
    """Put a comma into every gap of a row that has no commas; without `is_table` a gap is a product."""
    rows, commas = [_Row(is_list=is_table)], set()
    for place, token in enumerate(tokens):
        if token.type in CLOSES and len(rows) > 1:
            commas |= _gaps(rows.pop())
        elif token.type == "_SEMI":
            commas |= _gaps(rows[-1])
            rows[-1] = _Row(is_list=rows[-1].is_list)
        elif token.type == "_COMMA":
            rows[-1].has_commas = True
        elif _is_gap(tokens, place):
            rows[-1].gaps.append(place)
        if token.type in OPENS:
            rows.append(_Row(is_list=is_table and token.type == "_LBRACKET"))
    for row in rows:
        commas |= _gaps(row)
    return [part for place, token in enumerate(tokens) for part in _with_comma(token, place in commas)]


def trim(tokens: list[Token]) -> list[Token]:
    """Drop row ends that end nothing: at the start, at the end, doubled, or beside an operator."""
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1].type if place + 1 < len(tokens) else "$END"
        is_idle = not kept or kept[-1].type not in ENDS or following not in STARTS | {"PLUS", "MINUS"}
        if token == "\n" and token.type == "_SEMI" and is_idle:
            continue
        if token == "," and (following in CLOSES | {"_SEMI", "$END"}):  # [1, 2,]
            continue
        kept.append(token)
    return kept


def numbers_side_by_side(tokens: list[Token]) -> Token | None:
    """Return the first number that follows another one with nothing between: is it a product?"""
    pairs = itertools.pairwise(tokens)
    return next((second for first, second in pairs if first.type == second.type == "NUMBER"), None)


def _gaps(row: _Row) -> set[int]:
    return set(row.gaps) if row.is_list and not row.has_commas else set()


def _is_gap(tokens: list[Token], place: int) -> bool:
    if place == 0 or tokens[place - 1].type not in ENDS:
        return False
    before, token = tokens[place - 1], tokens[place]
    is_apart = (before.end_pos or 0) < (token.start_pos or 0)
    if token.type in ("PLUS", "MINUS"):  # [1 -2] has two entries, [1 - 2] and [1-2] have one
        return bool(is_apart and place + 1 < len(tokens) and token.end_pos == tokens[place + 1].start_pos)
    is_stacked = before.type == "_RBRACKET" and token.type == "_LBRACKET"
    return token.type in STARTS and (is_apart or is_stacked)


def _with_comma(token: Token, has_comma: bool) -> list[Token]:
    if not has_comma:
        return [token]
    return [Token("_COMMA", " ", start_pos=token.start_pos, end_pos=token.start_pos), token]
