"""Each factor of the chain rule is the derivative that its name says; their product is dL/dw.

Formulas are compared with s_k and yhat defined by the graph, so an answer may be written in any of its names.
Numbers are compared with the exact derivative, rounded to the digits given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

import sympy

from theory.algebra.fingerprint import Fingerprints
from theory.algebra.identity import are_equal
from theory.forms import Measured
from theory.law import Law, Laws, Misconception, Sheet, is_rounding, matching
from theory.laws.digits import DIGITS, has_digits, misconceptions_of_digits, near, rounded, unit_of
from theory.laws.graph_slips import graph_numbers, graph_slips, number_of, s, w, x, y, yhat
from theory.questions.computational_graph import FACTORS, Parameters
from theory.slips import Slip, one_of, told_apart

Mistakes = list[tuple[str, str, Any]]


def logistic(value: Any) -> Any:
    """Return 1 / (1 + exp(-value))."""
    return 1 / (1 + sympy.exp(-value))


GRAPH: Mapping[sympy.Symbol, Any] = {
    s[1]: w[1] * x[1] + w[2] * x[2],
    s[2]: w[3] * x[3] + w[4] * x[4],
    s[3]: w[5] * logistic(s[1]) + w[6] * logistic(s[2]),
    yhat: logistic(s[3]),
}


def factors(p: Parameters) -> dict[str, Any]:
    """Return the four factors and their product, each differentiated from the graph's own line."""
    node, weight = s[p.unit], w[p.weight]
    found = {
        "dL_dyhat": sympy.diff((y - yhat) ** 2, yhat),
        "dyhat_ds3": sympy.diff(GRAPH[yhat], s[3]),
        "ds3_ds": sympy.diff(GRAPH[s[3]], node),
        "ds_dw": sympy.diff(GRAPH[node], weight),
    }
    whole = (y - yhat) ** 2
    for name in (yhat, s[3], node):
        whole = whole.subs(name, GRAPH[name])
    return {**found, "dL_dw": sympy.diff(whole, weight)}


def laws(parameters: Parameters) -> Laws:
    """Return the laws of the formulas and of the numbers."""
    right = factors(parameters)
    wrong = {name: [Slip(*one) for one in slips] for name, slips in _mistakes(parameters).items()}
    found: dict[str, Law] = {}
    for name in FACTORS:
        known, derived = wrong[name], list(graph_slips(name, parameters))
        if name == "dL_dw":
            derived += _of_one_factor(right, wrong)
        slips = _distinct(known, derived, right[name])
        found[name] = _formula(right[name], slips, parameters)
        found[f"{name}_value"] = _number(right[name], known, slips, parameters, is_product=name == "dL_dw")
    return found


def _mistakes(p: Parameters) -> dict[str, Mistakes]:
    right = factors(p)
    four = [right[name] for name in FACTORS[:4]]
    own, other = (w[5], w[6]) if p.unit == 1 else (w[6], w[5])
    value, partner = logistic(s[p.unit]), x[p.weight + (1 if p.weight % 2 else -1)]
    return {
        "dL_dyhat": [
            ("sign-turned", "The derivative of y - yhat with respect to yhat is -1.", -right["dL_dyhat"]),
            ("factor-two-lost", "The square gives a factor 2.", right["dL_dyhat"] / 2),
            ("loss-for-derivative", "This is the loss itself.", (y - yhat) ** 2),
        ],
        "dyhat_ds3": [
            ("sum-for-value", "Use the unit's output, not what enters it.", s[3] * (1 - s[3])),
            ("logistic-not-differentiated", "This is yhat itself.", yhat),
            ("derivative-of-tanh", "1 - yhat^2 belongs to tanh.", 1 - yhat**2),
            ("sign-turned", "The logistic function is increasing.", -right["dyhat_ds3"]),
        ],
        "ds3_ds": [
            ("weight-lost", "The unit's output is multiplied by a weight.", right["ds3_ds"] / own),
            ("weight-of-the-other-unit", "This is the other unit's weight.", right["ds3_ds"] * other / own),
            ("logistic-not-differentiated", "The logistic function has a derivative too.", own * value),
            ("logistic-forgotten", "There is a logistic function between the two sums.", own),
        ],
        "ds_dw": [
            ("weight-for-input", "The derivative of w x with respect to w is x.", w[p.weight]),
            ("other-input", "This input belongs to another weight.", partner),
            ("sum-for-derivative", "This is the sum itself.", s[p.unit]),
            ("not-differentiated", "The derivative of w x is x: w disappears.", w[p.weight] * x[p.weight]),
        ],
        "dL_dw": [
            ("sign-turned", "Check the signs of the factors.", -right["dL_dw"]),
            ("factors-added", "The chain rule multiplies the factors.", sympy.Add(*four)),
            *[(f"factor-{name}-lost", "A factor of the chain is missing.", right["dL_dw"] / factor)
              for name, factor in zip(FACTORS, four, strict=False)],
        ],
    }  # fmt: skip


def _of_one_factor(right: Mapping[str, Any], wrong: Mapping[str, list[Slip]]) -> Iterator[Slip]:
    """Yield the products that go wrong in one of their factors."""
    for name in FACTORS[:4]:
        for slip in wrong[name]:
            hint = f"In {name.replace('_', '/')}: {slip.hint[0].lower()}{slip.hint[1:]}"
            yield Slip(f"{slip.id}-in-{name}", hint, right["dL_dw"] / right[name] * slip.formula)


def _distinct(known: list[Slip], derived: Iterable[Slip], right: Any) -> dict[Hashable, Slip]:
    """Return one slip for each formula that slips lead to, by what it evaluates to."""
    return dict(told_apart(known, derived, right, Fingerprints(GRAPH).of, is_general=True))


def _formula(right: Any, slips: Mapping[Hashable, Slip], p: Parameters) -> Law:
    return Law(
        statement="This is the derivative, for all values in the graph.",
        holds=lambda answer, _sheet: are_equal(answer, right, GRAPH),
        locate=lambda answer, _sheet: _sign_or_size(decimal(answer, p), decimal(right, p)),
        misconceptions=matching(slips, Fingerprints(GRAPH)),
    )


def _number(
    right: Any, known: list[Slip], slips: Mapping[Hashable, Slip], p: Parameters, *, is_product: bool
) -> Law:
    exact = decimal(right, p)
    values = graph_numbers(p)
    wrong = [(slip, number_of(slip.formula, values)) for slip in slips.values()]
    named = _told_apart(
        [(slip, sympy.Rational(str(value))) for slip, value in wrong if math.isfinite(value) and value],
        known,
        exact,
    )
    return Law(
        statement="This is the derivative, rounded to the digits given.",
        holds=lambda answer, _sheet: has_digits(answer, exact) and is_rounding(answer, exact),
        locate=lambda answer, _sheet: _digit_or_size(answer, exact),
        misconceptions=(*named, *misconceptions_of_digits(exact)),
        follows=(lambda answer, sheet: _is_product(answer, sheet))
        if is_product
        else (lambda _answer, _sheet: False),
    )


def _told_apart(wrong: list[tuple[Slip, Any]], known: list[Slip], exact: Any) -> list[Misconception]:
    """Return the slips whose numbers differ from the right one, and from each other, in the digits.

    A slip that is not known gives way to a known one whose number may be written with the same digits.
    """
    groups: dict[str, list[tuple[Slip, Any]]] = {}
    for slip, value in wrong:
        if not near(value, exact):
            groups.setdefault(rounded(value), []).append((slip, value))
    firsts = {text: group[0] for text, group in groups.items()}
    taken = [value for first, value in firsts.values() if first in known]
    return [
        Misconception(told.id, told.hint, _same_number(value), text)
        for text, (first, value) in firsts.items()
        if (told := first if first in known else one_of([one for one, _ in groups[text]]))
        if first in known or not any(abs(value - other) <= unit_of(value) for other in taken)
    ]


def _is_product(answer: Measured, sheet: Sheet) -> bool:
    names = [f"{name}_value" for name in FACTORS[:4]]
    if not all(name in sheet for name in names) or answer.unit == 0:
        return False
    product = sympy.prod([sheet[name].value for name in names])
    return has_digits(answer, product) and is_rounding(answer, product)


def _same_number(value: Any) -> Callable[[Any, Sheet], bool]:
    return lambda answer, _sheet: has_digits(answer, value) and is_rounding(answer, value)


def _sign_or_size(got: Any, right: Any) -> str:
    if got == 0 or right == 0 or (got > 0) == (right > 0):
        return "This formula is not the derivative: go through the graph one node at a time."
    return "At the numbers of the question this formula has the wrong sign."


def _digit_or_size(answer: Measured, exact: Any) -> str:
    if not has_digits(answer, answer.value):
        return f"Expected at least {DIGITS} significant digits."
    return _sign_or_size(answer.value, exact).replace("This formula", "This").replace("this formula", "it")


def decimal(formula: Any, p: Parameters) -> Any:
    """Return the value of a formula at the numbers of the question, as a rational correct to 40 digits."""
    numbers = {x[k]: p.x[k - 1] for k in x} | {w[k]: p.w[k - 1] for k in w} | {y: p.y}
    given = {symbol: sympy.Rational(value.numerator, value.denominator) for symbol, value in numbers.items()}
    for name in (yhat, s[3], s[2], s[1]):
        formula = formula.subs(name, GRAPH[name])
    formula = formula.replace(sympy.Function("sigma"), logistic)
    return sympy.Rational(str(sympy.N(formula.subs(given), 40)))
