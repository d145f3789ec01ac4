"""From the text of an answer to a sympy expression or matrix.

>>> parse("4*sigma(2x)*sigma(-2x)", Vocabulary.of(scalars=[("x", ())], functions=["sigma"]))
4*sigma(-2*x)*sigma(2*x)
>>> parse(r"\\begin{bmatrix} 1.5 & 0 \\\\ -1/2 & 1 \\end{bmatrix}")
Matrix([
[ 3/2, 0],
[-1/2, 1]])
"""

from __future__ import annotations

from typing import Any

from lark.exceptions import UnexpectedToken

from theory.errors import ParseError
from theory.parse.arithmetic import check_size
from theory.parse.bounds import BOUNDS
from theory.parse.grammar import PARSER, described
from theory.parse.scanner import Scanner
from theory.parse.separators import numbers_side_by_side, separate, trim
from theory.parse.values import BuildError, Matrix
from theory.parse.vocabulary import NUMBERS_ONLY, Vocabulary

__all__ = ["Matrix", "parse"]


def parse(text: str, vocabulary: Vocabulary = NUMBERS_ONLY, *, is_table: bool = False) -> Any:
    """Return the sympy expression or ImmutableDenseMatrix that `text` writes.

    Everything before the last "=" is ignored. With `is_table` new lines end rows, blanks separate entries.
    Raises: ParseError with a caret, for anything that is not a formula in the names of `vocabulary`.
    """
    if len(text) > BOUNDS.characters:
        raise ParseError(f"expected an answer of at most {BOUNDS.characters} characters, got {len(text)}.")
    scanner = Scanner(text, vocabulary, is_table=is_table)
    tokens = []
    for token in scanner.tokens():
        tokens.append(token)
        if len(tokens) > BOUNDS.tokens:
            raise scanner.error(f"expected at most {BOUNDS.tokens} numbers, names and signs.")
    tokens = separate(trim(tokens), is_table=is_table)
    if beside := numbers_side_by_side(tokens):
        message = "two numbers are side by side: join them, or write * or a comma between them."
        raise scanner.error(message, at=beside.start_pos)
    try:
        built: Any = PARSER.parse(tokens)
        check_size(built.value)
        return built.value
    except UnexpectedToken as error:
        place = len(text.rstrip()) if error.token.type == "$END" else error.token.start_pos
        raise ParseError(f"expected {described(error.expected)} here.", text=text, position=place) from None
    except BuildError as error:
        where = "" if error.place is None else text
        raise ParseError(error.message, text=where, position=error.place or 0) from None
