from __future__ import annotations

import time

import pytest
import sympy

from theory.parse import Matrix, ParseError, Vocabulary, parse

W = {(i, j): sympy.Symbol(f"w{i}{j}") for i in range(3) for j in range(3)}
KERNEL = Vocabulary.of(scalars=[("w", index) for index in W], functions=["exp", "sigma", "tanh"])
SCALARS = Vocabulary.of(scalars=[("x", ()), ("y", ()), ("yhat", ())], functions=["exp", "sigma", "tanh"])
LAYERS = Vocabulary.of(matrices=[(base, (k,)) for base in "Wb" for k in (1, 2, 3)])
x, y = sympy.symbols("x y")
W1, W2, W3, b1, b2 = (
    LAYERS[key] for key in [("W", (1,)), ("W", (2,)), ("W", (3,)), ("b", (1,)), ("b", (2,))]
)
sigma = sympy.Function("sigma")


@pytest.mark.parametrize(
    "text",
    ["w22", "w_22", "w_{22}", "w_{(2,2)}", "w_{2,2}", "w_(2,2)", "w[2,2]", "w[2][2]", "w_{(2, 2)}",
     "$w_{(2,2)}$",
     r"\(w_{2,2}\)", r"\mathbf{w}_{2,2}", "A = w22", "(w22)", "{w22}", "[w22]", "+w22", "1w22", "w_{2 2}"],
)  # fmt: skip
def test_every_spelling_of_an_indexed_name_is_the_same_symbol(text: str) -> None:
    assert parse(text, KERNEL) == W[2, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/2", sympy.Rational(3, 2)),
        ("1.5", sympy.Rational(3, 2)),
        (".5", sympy.Rational(1, 2)),
        (r"\frac{3}{2}", sympy.Rational(3, 2)),
        ("−1", sympy.Integer(-1)),
        ("--1", sympy.Integer(1)),
        ("2^3", sympy.Integer(8)),
        ("2**-1", sympy.Rational(1, 2)),
        ("-2^2", sympy.Integer(-4)),
        ("8/4/2", sympy.Integer(1)),
        ("2(3)", sympy.Integer(6)),
        ("2·3×4", sympy.Integer(24)),
        ("0.1 + 0.2 - 0.3", sympy.Integer(0)),
    ],
)
def test_numbers_are_exact(text: str, expected: sympy.Rational) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4*sigma(2x)*sigma(-2x)", 4 * sigma(2 * x) * sigma(-2 * x)),
        (r"4\sigma\left(2x\right)\sigma(-2 x)", 4 * sigma(2 * x) * sigma(-2 * x)),
        ("4σ(2x)σ(−2x)", 4 * sigma(2 * x) * sigma(-2 * x)),
        ("sigma^2(x)", sigma(x) ** 2),
        ("y - y²", y - y**2),
        ("y(1-y)", y * (1 - y)),
        ("xy", x * y),
        ("x2", 2 * x),
        (r"\hat{y}", sympy.Symbol("yhat")),
        (r"\hat y", sympy.Symbol("yhat")),
        ("e^{-2x}", sympy.exp(-2 * x, evaluate=False)),
        ("exp(-2x)", sympy.exp(-2 * x, evaluate=False)),
        (r"\dfrac{x}{1+x}\cdot 2", 2 * x / (1 + x)),
        ("-x^2", -(x**2)),
        ("x/2y", x / 2 * y),
    ],
)
def test_formulas_read_alike_in_plain_text_and_latex(text: str, expected: sympy.Expr) -> None:
    assert parse(text, SCALARS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W3 W2 W1", W3 * W2 * W1),
        ("W_3W_2W_1", W3 * W2 * W1),
        ("W^{(3)}W^{(2)} b^{(1)}", W3 * W2 * b1),
        ("W^(2) b^(1) + b^(2)", W2 * b1 + b2),
        ("W_2(b_1) + b_2", W2 * b1 + b2),
        (r"W_3^\top", sympy.transpose(W3)),
        ("W3^T", sympy.transpose(W3)),
        ("W3.T", sympy.transpose(W3)),
        (r"W_{3}^{\top}", sympy.transpose(W3)),
    ],
)
def test_products_of_matrices_keep_their_order(text: str, expected: sympy.Expr) -> None:
    assert parse(text, LAYERS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[[w00, 0], [0, -w22]]",
        "[[w00 0] [0 -w22]]",
        "[[w00 0]\n [0 -w22]]",
        "[w00, 0; 0, -w22]",
        "[w00 0; 0 -w22]",
        "w00, 0\n0, -w22",
        "w00 0\n0 -w22\n",
        "\n w00 & 0 \\\\ 0 & -w22",
        "w00, 0; 0, -w22",
        r"\begin{bmatrix} w_{(0,0)} & 0 \\ 0 & -w_{(2,2)} \end{bmatrix}",
        r"A = \begin{pmatrix} w_{00}, 0 \\ 0, -w_{22} \\ \end{pmatrix}",
        "\\begin{array}{cc}\n w_{00} & 0 \\\\\n 0 & -w_{22}\n\\end{array}",
        "[[w00, 0], [0, -w22]]^T",
        "-[-w00, 0; 0, w22]",
        "2 * [w00/2, 0; 0, -w22/2]",
    ],
)
def test_rows_of_a_matrix_may_be_written_in_any_common_way(text: str) -> None:
    assert parse(text, KERNEL, is_table=True) == Matrix([[W[0, 0], 0], [0, -W[2, 2]]])


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("2 +", 4, "expected a number, a name or an opening bracket"),
        ("2 + q", 5, "unknown name 'q'; this answer may use x, y, yhat"),
        ("(x", 3, '")"'),
        ("x)", 2, "the end of the answer"),
        ("x ? y", 3, "did not expect '?'"),
        ("1/0", 2, "divides by zero"),
        ("1/(x-x)", 2, "divides by zero"),
        ("x^y", 2, "whole number of at most 64"),
        ("x^0.5", 2, "whole number"),
        ("9**9**9", 2, "at most 64 as exponent"),
        ("((x^60)^60)", 8, "powers of powers"),
        ("sigma x", 7, '"("'),
        ("sigma((1,2))", 1, "sigma takes one number"),
        ("1, 2, …", 7, "dots cannot be checked"),
        (r"x \alpha", 3, "unknown name 'alpha'"),
        (r"\begin{cases} x \end{cases}", 1, "environment 'cases'"),
        (r"\frac{1}{2", 11, '"}"'),
        ("1" * 31, 1, "at most 30 digits, got 31"),
        ("e^e^e^e^x", 2, "nested deeper than 3"),
        ("e^(9^64)", 2, "beyond 700 is not supported"),
        ("import os", 1, "unknown name"),
        ("__import__('os')", 1, "did not expect '_'"),
        ("x.__class__", 2, "did not expect '.'"),
        ("\x00", 1, "did not expect"),
    ],
)
def test_an_error_points_at_its_place_and_says_what_was_expected(text: str, column: int, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, SCALARS)
    first, _, caret = str(caught.value).split("\n")
    assert f"column {column}:" in first and words in first
    assert column > 40 or caret.index("^") == 4 + column - 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2; 3]", "row 1 has 2 entries, row 2 has 1"),
        ("[[1, 2], 3]", "every row in its own brackets"),
        ("[1, 2] + 1", "same shape"),
        ("[1, 2] * [1; 2]", "product of two matrices"),
        ("1 / [1, 2]", "cannot divide by"),
        ("[1, 2; 3, 4]^2", "cannot be raised"),
        ("[[[1, 2]], 3]", "every row in its own brackets"),
        ("inf + 1", "infinity cannot be added"),
    ],
)
def test_matrices_that_make_no_sense_are_refused(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words.replace("(", r"\(")):
        parse(text, KERNEL)


HOSTILE = {
    "tower of powers": "9**9**9",
    "powers of sums": "((x+1)^64)^64",
    "brackets": "(" * 5_000 + "x" + ")" * 5_000,
    "square brackets": "[" * 10_000,
    "braces": "{" * 9_000,
    "five megabytes": "x+" * 2_500_000,
    "minus signs": "-" * 3_998 + "x",
    "long sum": "+".join(f"{n}x" for n in range(1_400)),
    "long product": "x y " * 1_400,
    "long product of sums": "(x+1)(y+2)" * 600,
    "powers side by side": "(9^64)" * 900,
    "powers of a long coefficient": "(" + "123456789" * 3 + "x)^64" + "(7y)^64" * 800,
    "numbers": "9" * 10_000,
    "denominators": "+".join(f"1/{n}" for n in range(1, 1_200)),
    "spaces": "x" + " " * 9_990 + "_{",
    "indices": "x_{" + " " * 9_990,
    "functions": "sigma(" * 1_600,
    "fractions": r"\frac{1}{" * 1_100,
    "equal signs": "=" * 10_000,
    "new lines": "\n" * 10_000,
    "sums of functions": "+".join(f"sigma({n}x+y)" for n in range(600)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_two_seconds(text: str) -> None:
    began = time.perf_counter()
    for is_table in (False, True):
        try:
            parse(text, SCALARS, is_table=is_table)
        except ParseError as error:
            assert len(str(error)) < 400
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("count", [600])
def test_long_products_of_matrices_are_read_in_time(count: int) -> None:
    began = time.perf_counter()
    parse("W1 W2 W3 " * count, LAYERS)
    parse("(W1+W2)" * count, LAYERS)
    assert time.perf_counter() - began < 2
