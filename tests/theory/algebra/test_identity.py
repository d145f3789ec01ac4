from __future__ import annotations

import itertools

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.algebra.identity import are_equal, differing_entries, is_zero
from theory.algebra.operators import Operators, ShapeError
from theory.algebra.tower import PRIMES, TOP, Point, generator
from theory.errors import UndefinedError
from theory.parse import Matrix, Vocabulary, parse

NAMES = Vocabulary.of(scalars=[("x", ()), ("y", ())], functions=["exp", "sigma", "tanh", "sinh", "cosh"])
x, y = NAMES["x", ()], NAMES["y", ()]


def test_the_tower_is_built_of_primes_each_dividing_the_next_less_one() -> None:
    assert all(sympy.isprime(prime) for prime in PRIMES)
    assert all((above - 1) % below == 0 for below, above in itertools.pairwise(PRIMES))


@pytest.mark.parametrize("level", range(1, TOP + 1))
def test_a_generator_has_the_order_of_the_level_below(level: int) -> None:
    assert generator(level) != 1
    assert pow(generator(level), PRIMES[level - 1], PRIMES[level]) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tanh(x)", "2 sigma(2x) - 1"),
        ("1 - tanh(x)^2", "4 sigma(2x) sigma(-2x)"),
        ("sigma(x) + sigma(-x)", "1"),
        ("e^{x+y}", "e^x exp(y)"),
        ("cosh(x)^2 - sinh(x)^2", "1"),
        ("sigma(tanh(x))", "1/(1 + e^{-tanh(x)})"),
        ("sigma(2x/2)", "(1 + tanh(x/2))/2"),
        ("exp((x+y)^2)", "exp(x^2) exp(2 x y) exp(y^2)"),
        ("sigma(sigma(sigma(x)))", "1/(1 + exp(-sigma(1/(1+exp(-x)))))"),
        ("sigma(0)", "1/2"),
        ("(x^2 - y^2)/(x - y)", "x + y"),
    ],
)
def test_identities_hold(first: str, second: str) -> None:
    assert are_equal(parse(first, NAMES), parse(second, NAMES))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tanh(x)", "2 sigma(x) - 1"),
        ("e^{x y}", "e^x e^y"),
        ("sigma(x)", "1/2 + x/4"),
        ("x + 0.000000000000000000000000001", "x"),
        ("sigma(sigma(x))", "sigma(x)"),
        ("x", "y"),
    ],
)
def test_what_is_no_identity_is_told_apart(first: str, second: str) -> None:
    assert not are_equal(parse(first, NAMES), parse(second, NAMES))


def test_a_division_by_zero_that_only_algebra_sees_is_undefined() -> None:
    with pytest.raises(UndefinedError, match="divides by zero"):
        is_zero(parse("1/((x+1)^2 - x^2 - 2x - 1)", NAMES))


def test_definitions_stand_for_their_symbols() -> None:
    assert is_zero(y - x**2 - 1, {y: x**2 + 1})


def test_differing_entries_are_listed_row_by_row() -> None:
    assert differing_entries(Matrix([[x, y], [1, 0]]), Matrix([[x, x], [1, 1]])) == ((0, 1), (1, 1))


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 9))
@settings(max_examples=50, deadline=2_000)
def test_exponentials_of_rationals_multiply_exactly(a: int, b: int, c: int) -> None:
    first, second = sympy.Rational(a, c), sympy.Rational(b, c)
    point = Point(1)
    product = point.value(sympy.exp(first * x)) * point.value(sympy.exp(second * x)) % PRIMES[TOP]
    assert product == point.value(sympy.exp((first + second) * x))


A, B, v = (sympy.Symbol(name, commutative=False) for name in "ABv")
SPACE = Operators({A: (3, 4), B: (4, 5), v: (5, 1)})


def test_operators_multiply_in_their_order() -> None:
    assert SPACE.matrix(A * (B * v)) == SPACE.matrix(A * B * v)
    assert SPACE.matrix(2 * A * B * v) == SPACE.matrix(A * B * v + A * B * v)


def test_transposing_a_product_turns_it_round() -> None:
    assert SPACE.matrix(sympy.transpose(B) * sympy.transpose(A)) == tuple(
        zip(*SPACE.matrix(A * B), strict=True)
    )


@pytest.mark.parametrize("formula", [B * A, A * v, A + B])
def test_impossible_orders_are_named(formula: sympy.Expr) -> None:
    with pytest.raises(ShapeError, match=r"does not fit|cannot be added"):
        SPACE.matrix(formula)
