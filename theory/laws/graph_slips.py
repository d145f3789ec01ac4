"""Slips in the chain rule through a graph: a factor, a sign, an index, a neighbour, a function."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from theory.questions.computational_graph import FACTORS, VOCABULARY, Parameters
from theory.slips import Slip, Slips, at_numbers

x, w, s = (
    {k: VOCABULARY[base, (k,)] for k in range(1, 7) if (base, (k,)) in VOCABULARY.symbols} for base in "xws"
)
y, yhat = VOCABULARY["y", ()], VOCABULARY["yhat", ()]
square, inner = sympy.symbols("factor_2 inner_derivative")
sigma = sympy.Function("sigma")
WORDS = {
    **{symbol: str(symbol) for symbol in VOCABULARY.symbols.values()},
    square: "the factor 2 that comes from the square",
    inner: "the inner derivative of y - yhat, which is -1",
}
ADDED = "The chain rule multiplies the factors."


def chain(p: Parameters) -> dict[str, Any]:
    """Return the factors and their product as products of the graph's own names."""
    own, value = (w[5], w[6])[p.unit - 1], sigma(s[p.unit])
    found = {
        "dL_dyhat": square * inner * (y - yhat),
        "dyhat_ds3": yhat * (1 - yhat),
        "ds3_ds": own * value * (1 - value),
        "ds_dw": x[p.weight],
    }
    return {**found, "dL_dw": sympy.Mul(*found.values())}


def graph_slips(name: str, p: Parameters) -> Iterator[Slip]:
    """Yield every single slip in one factor, or in the product of all."""
    formulas = chain(p)
    rules = Slips(WORDS, _siblings(p))
    numbers = {square: sympy.Integer(2), inner: sympy.Integer(-1)}
    right = {factor: formula.xreplace(numbers) for factor, formula in formulas.items()}
    if name in ("ds3_ds", "dL_dw"):
        yield _through_the_other_unit(right[name], p)
    if name == "dL_dw":
        yield from _of_the_product(right, p)
    yield from at_numbers(rules.of(formulas[name]), {square: 2, inner: -1})
    yield Slip("sign-turned", "Check the sign.", -right[name])
    yield Slip("factor-two", "Where does the factor 2 come from?", 2 * right[name])
    yield Slip("factor-a-half", "Where does the factor 1/2 come from?", right[name] / 2)
    for other in FACTORS:
        if other != name:
            yield Slip(f"{other}-given", f"This is {_spelt(other)}.", right[other])
    if name == "dL_dw":
        for factor in FACTORS[:4]:
            yield Slip(f"{factor}-left-out", f"{_spelt(factor)} is left out.", right[name] / right[factor])
    if name == "ds3_ds":
        value, own = sigma(s[p.unit]), (w[5], w[6])[p.unit - 1]
        yield Slip("derivative-of-tanh", "1 - v² belongs to tanh.", own * (1 - value**2))
    if name == "dyhat_ds3":
        yield Slip("product-rule-for-the-answer", "This is differentiated one time too many.", 1 - 2 * yhat)
        yield Slip("square-in-the-second-factor", "The second factor is 1 - yhat.", yhat * (1 - yhat**2))
    if name == "dL_dyhat":
        yield Slip(
            "absolute-value", "The loss is a square: its derivative depends on y - yhat.", sympy.Integer(-1)
        )
        yield Slip(
            "factor-alone", "The square's derivative is 2 (y - yhat) times the inner one.", sympy.Integer(-2)
        )
        yield Slip(
            "square-kept", "The square disappears: its derivative is 2 (y - yhat).", -2 * (y - yhat) ** 2
        )


def _through_the_other_unit(right: Any, p: Parameters) -> Slip:
    """Return the chain that passes through the other unit."""
    (own, other), node = (w[5], w[6]), s[p.unit]
    swapped = {own: other, other: own, node: s[3 - p.unit]}
    hint = "This passes through the other unit: follow the weight forward to the sum that it is in."
    return Slip("through-the-other-unit", hint, right.xreplace(swapped))


def _of_the_product(right: Mapping[str, Any], p: Parameters) -> Iterator[Slip]:
    """Yield the slips of the whole chain: it stops early, or adds."""
    four = [right[factor] for factor in FACTORS[:4]]
    for count in (2, 3):
        partial = sympy.Mul(*four[:count])
        yield Slip("chain-cut-short", "The chain continues to the weight: a factor is missing.", partial)
    yield Slip("factors-added", ADDED, sympy.Add(*four))
    for replaced in range(1, 5):
        if replaced != p.weight:
            yield Slip("another-weight", "This is the derivative with respect to another weight.",
                       right["dL_dw"] * x[replaced] / x[p.weight], is_plain=True)  # fmt: skip
    value = sigma(s[p.unit])
    yield Slip("first-logistic-not-differentiated", "The unit's logistic function has a derivative too.",
               right["dL_dw"] / (1 - value))  # fmt: skip
    yield Slip("last-logistic-not-differentiated", "The output's logistic function has a derivative too.",
               right["dL_dw"] / (1 - yhat))  # fmt: skip


def _siblings(p: Parameters) -> dict[sympy.Symbol, tuple[sympy.Symbol, ...]]:
    """Return which names are taken for each other."""
    found = {w[5]: (w[6],), w[6]: (w[5],), y: (yhat,), yhat: (y, s[3])}
    found |= {s[k]: tuple(s[other] for other in (1, 2, 3) if other != k) for k in (1, 2, 3)}
    inputs = tuple(x[k] for k in (1, 2, 3, 4) if k != p.weight)
    return {**found, x[p.weight]: (*inputs, w[p.weight], s[p.unit], yhat)}


def _spelt(name: str) -> str:
    top, _, bottom = name.partition("_")
    return f"{top}/{bottom}"


def number_of(formula: Any, numbers: Mapping[Any, float]) -> float:
    """Return the value of a formula in floating point; nan where it has none."""
    if formula in numbers:
        return numbers[formula]
    if formula.is_number and formula.is_Rational:
        return float(formula)
    parts = [number_of(part, numbers) for part in formula.args]
    if formula.is_Add:
        return math.fsum(parts)
    if formula.is_Mul:
        return math.prod(parts)
    if formula.is_Pow:
        return float(parts[0] ** parts[1]) if parts[0] else math.nan
    if type(formula).__name__ == "sigma":
        return 1 / (1 + math.exp(-parts[0]))
    if type(formula).__name__ == "exp":
        return math.exp(parts[0])
    return math.nan


def graph_numbers(p: Parameters) -> dict[Any, float]:
    """Return the value of every name of the graph."""
    found = {x[k]: float(p.x[k - 1]) for k in x} | {w[k]: float(p.w[k - 1]) for k in w} | {y: float(p.y)}
    found[s[1]] = found[w[1]] * found[x[1]] + found[w[2]] * found[x[2]]
    found[s[2]] = found[w[3]] * found[x[3]] + found[w[4]] * found[x[4]]
    first, second = (number_of(sigma(s[k]), found) for k in (1, 2))
    found[s[3]] = found[w[5]] * first + found[w[6]] * second
    found[yhat] = number_of(sigma(s[3]), found)
    return found
