"""Whatever students write, only the parser's own error class comes out; what is read reads the same again."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from theory.parse import ParseError, Vocabulary, parse

NAMES = Vocabulary.of(
    scalars=[("x", ()), ("y", ()), ("yhat", ()), *[("w", (i, j)) for i in range(3) for j in range(3)]],
    matrices=[("W", (1,)), ("W", (2,)), ("b", (1,))],
    functions=["exp", "sigma", "tanh", "cosh"],
)
PIECES = st.sampled_from(
    ["x", "y", "w22", "w_{(1,1)}", "w[0,1]", "W1", "W^{(2)}", "b_1",
     "sigma", "\\sigma", "tanh(", "exp(", "e^", "2", "1.5",
     "0", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "^", "**", ",", ";", "&", "\\\\",
     "\n", " ", "\\frac{", "}{",
     "\\begin{bmatrix}", "\\end{bmatrix}", "^T", "^\\top", "=", "\\hat{y}", "\\left", "\\right",
     "∞", "…", "_", "."]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


def only_parse_errors_come_out(text: str, is_table: bool) -> None:
    try:
        value = parse(text, NAMES, is_table=is_table)
    except ParseError as error:
        assert str(error)
    else:
        assert isinstance(value, (sympy.Basic, sympy.MatrixBase))


@given(TEXTS, st.booleans())
@settings(max_examples=150, deadline=2_000)
def test_only_parse_errors_come_out(text: str, is_table: bool) -> None:
    only_parse_errors_come_out(text, is_table)


@pytest.mark.slow
@given(TEXTS, st.booleans())
@settings(max_examples=40_000, deadline=2_000, suppress_health_check=list(HealthCheck))
def test_only_parse_errors_come_out_of_a_minute_of_texts(text: str, is_table: bool) -> None:
    only_parse_errors_come_out(text, is_table)


def _formulas() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["x", "y", "w22", "3", "0.25", r"\frac{1}{3}"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from([" + ", " - ", "*", " "]), inner).map(
                lambda t: f"({t[0]}{t[1]}({t[2]}))"
            ),
            inner.map(lambda text: f"sigma({text})"),
            inner.map(lambda text: f"(-({text}))"),
            inner.map(lambda text: f"({text})^2"),
        ),
        max_leaves=6,
    )


@given(_formulas())
@settings(max_examples=100, deadline=2_000)
def test_what_was_read_reads_the_same_when_written_again(text: str) -> None:
    try:
        value = parse(text, NAMES)
    except ParseError as error:
        assert "nested deeper" in str(error) or "powers of powers" in str(error)
    else:
        assert parse(str(value), NAMES) == value
