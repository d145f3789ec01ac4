"""No code hides from the count of it, whatever texts and comments stand around it."""

from __future__ import annotations

import doctest
import io
import tokenize

from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.core import source_size
from autograder.core.source_size import code_size

PIECES = (
    "x", " ", "\n", "\n\n", "# a", "#'", '#"""', "'", '"', "'''", '"""', "\\", "\\\n", "f'", 'f"""', "rb'",
    "{", "}", "(", ")", "+ 1", "\\'", '\\"', "''", "t = ", ";", "    ",
)  # fmt: skip
COUNTED = (tokenize.NAME, tokenize.NUMBER, tokenize.OP, tokenize.STRING)


def test_the_example_holds() -> None:
    result = doctest.testmod(source_size)
    assert result.attempted and not result.failed


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_it_is_never_less_than_the_tokens_that_python_sees(pieces: list[str]) -> None:
    source = "x = 1\n" + "".join(pieces) + "\n"
    try:
        compile(source, "answer", "exec")
        tokens = [*tokenize.generate_tokens(io.StringIO(source).readline)]
    except (SyntaxError, ValueError, tokenize.TokenError):
        assume(False)
    assert code_size(source, limit=0) >= 1
    huge = 10**9
    padded = source + "#" * 1000  # so that it is longer than the limit, and looked at
    size = code_size(padded, limit=999)
    if size <= 999:
        assert size >= sum(token.type in COUNTED for token in tokens)
    assert code_size(source, limit=huge) == len(source)
