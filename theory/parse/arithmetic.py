"""Sums, products, quotients and powers of built values, each within its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from lark import Token

from theory.parse.bounds import BOUNDS
from theory.parse.values import BuildError, Built, Matrix


def built(value: Any, operands: Sequence[Built]) -> Built:
    """Return `value` with the bounds that its operands have used up."""
    power, functions = (
        max(getattr(operand, name) for operand in operands) for name in ("power", "functions")
    )
    return Built(value, power, functions)


def check_sum(operands: list[Built], sign: Token) -> None:
    """Raise BuildError unless the operands have one shape and are finite."""
    shapes = {operand.value.shape if operand.is_matrix else None for operand in operands}
    if len(shapes) > 1:
        raise BuildError("expected terms of the same shape on both sides.", sign.start_pos)
    if any(operand.value.is_infinite for operand in operands if not operand.is_matrix):
        raise BuildError("infinity cannot be added.", sign.start_pos)


def product(factors: list[Any], operands: list[Built]) -> Any:
    """Return the product of numbers and at most one matrix."""
    matrices = [factor for factor in factors if isinstance(factor, Matrix)]
    scalars = [factor for factor in factors if not isinstance(factor, Matrix)]
    if len(matrices) > 1:
        raise BuildError("write out the product of two matrices as one matrix with its entries.")
    if any(scalar.is_infinite for scalar in scalars):
        raise BuildError("infinity cannot be multiplied.")
    scalar = sympy.Mul(*scalars)
    return matrices[0] * scalar if matrices else scalar


def reciprocal(operand: Built, sign: Token) -> Any:
    """Return 1/operand; raise BuildError if there is none."""
    if operand.is_matrix:
        raise BuildError("cannot divide by a matrix.", sign.start_pos)
    if operand.value.is_zero:
        raise BuildError("this divides by zero.", sign.start_pos)
    if not operand.value.is_commutative:
        raise BuildError("these matrices have no inverse.", sign.start_pos)
    return 1 / operand.value


def raised(base: Built, exponent: Built, sign: Token) -> Built:
    """Return base to a whole exponent within the bounds."""
    size = exponent.value
    if not getattr(size, "is_Integer", False) or abs(size) > BOUNDS.exponent:
        raise BuildError(f"expected a whole number of at most {BOUNDS.exponent} as exponent.", sign.start_pos)
    if base.power * max(1, abs(int(size))) > BOUNDS.power:
        raise BuildError(f"powers of powers beyond {BOUNDS.power} are not supported.", sign.start_pos)
    if base.is_matrix or base.value.is_infinite:
        raise BuildError("this cannot be raised to a power.", sign.start_pos)
    if size < 0:
        reciprocal(base, sign)
    return Built(base.value**size, base.power * max(1, abs(int(size))), base.functions)


def applied(name: str, argument: Built, sign: Token) -> Built:
    """Return a function of one number, within the bounds."""
    if argument.is_matrix or not argument.value.is_commutative or argument.value.is_infinite:
        raise BuildError(f"{name} takes one number.", sign.start_pos)
    if argument.functions >= BOUNDS.functions:
        raise BuildError(f"functions are nested deeper than {BOUNDS.functions}.", sign.start_pos)
    if _is_beyond(argument.value, BOUNDS.argument):
        raise BuildError(f"{name} of a number beyond {BOUNDS.argument} is not supported.", sign.start_pos)
    return Built(function(name, argument.value), argument.power, argument.functions + 1)


def rounded(name: str, operand: Built, sign: Token | None = None) -> Any:
    """Return the whole number below or above `operand`, left as it is written where it holds a name."""
    if operand.is_matrix or not operand.value.is_commutative or operand.value.is_infinite:
        raise BuildError("only a number can be rounded.", sign.start_pos if sign else None)
    check_size(operand.value)
    return function(name, operand.value)


def check_size(value: Any) -> None:
    """Raise BuildError if an exact number in `value` is too long to be reckoned with."""
    if any(max(abs(one.p), one.q).bit_length() > BOUNDS.bits for one in value.atoms(sympy.Rational)):
        raise BuildError("a number in it is too long to evaluate; simplify it.")


def _is_beyond(value: Any, bound: int) -> bool:
    """Tell whether `value` is a number above `bound`; what it is made of must be within the bounds."""
    check_size(value)
    if not value.is_number:
        return False
    size = value.evalf(5)
    return bool(size.is_comparable and abs(size) > bound)


def function(name: str, argument: Any) -> Any:
    """Return the function called `name` of `argument`, left as it is written."""
    if name in ("exp", "tanh", "sinh", "cosh"):
        return getattr(sympy, name)(argument, evaluate=False)
    if name in ("floor", "ceil"):
        whole = sympy.floor if name == "floor" else sympy.ceiling
        return whole(argument, evaluate=argument.is_Rational)
    return sympy.Function(name)(argument)
