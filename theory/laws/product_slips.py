"""Slips in sums of products whose order matters: a factor, a term, a sign, an index, an order, a side."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sympy

from theory.slips import Slip

ORDER = "The order of the factors matters: what acts first comes last."
INDEX = "Check the index of each factor."
# What can be seen in the answer, whatever its cause.
PLAIN = frozenset(
    {"factor-missing", "factor-twice", "transposed-factor", "wrong-index", "another-factor",
     "factor-too-many",
     "factors-swapped", "term-missing", "sign-of-a-term", "term-counted-twice", "factors-in-another-order",
     "indices-swapped", "factor-two", "sign-turned"}
)  # fmt: skip
Factors = list[Any]


def product_slips(right: Any, siblings: Sequence[Any] = ()) -> Iterator[Slip]:
    """Yield every single slip in `right`, in one term and in all; `siblings` are further names to mix up."""
    for slip in _product_slips(right, siblings):
        yield replace(slip, is_plain=slip.id in PLAIN)


def _product_slips(right: Any, siblings: Sequence[Any]) -> Iterator[Slip]:
    terms = [list(term.args) if term.is_Mul else [term] for term in sympy.Add.make_args(right)]
    names = sorted(right.free_symbols | set(siblings), key=str)
    for place, term in enumerate(terms):
        rest = sympy.Add(*(sympy.Mul(*other) for other in terms[:place] + terms[place + 1 :]))
        for slip in _in_term(term, names):
            yield Slip(slip.id, slip.hint, rest + slip.formula)
        if len(terms) > 1:
            yield Slip("term-missing", "A term is missing.", rest)
            yield Slip("sign-of-a-term", "Check the signs of the terms.", rest - sympy.Mul(*term))
            yield Slip("term-counted-twice", "A term counts once.", rest + 2 * sympy.Mul(*term))
            yield Slip("one-term-only", "Other terms are missing.", sympy.Mul(*term))
    yield Slip("sign-turned", "Check the sign of the whole.", -right)
    yield Slip("factor-two", "Where does the factor 2 come from?", 2 * right)
    yield from _in_all_terms(terms, right, names)


def _in_term(term: Factors, names: Sequence[Any]) -> Iterator[Slip]:
    for place, factor in enumerate(term):
        before, after = term[:place], term[place + 1 :]
        if len(term) > 1:
            yield Slip("factor-missing", "A factor is missing in a product.", sympy.Mul(*before, *after))
        yield Slip(
            "factor-twice", "A factor appears twice in a product.", sympy.Mul(*before, factor, factor, *after)
        )
        yield Slip("transposed-factor", "No factor is transposed here.",
                   sympy.Mul(*before, sympy.transpose(factor), *after))  # fmt: skip
        for other in names:
            if other != factor:
                same = str(other)[0] == str(factor)[0]
                id, hint = (
                    ("wrong-index", INDEX)
                    if same
                    else ("another-factor", "One factor is in the place of another.")
                )
                yield Slip(id, hint, sympy.Mul(*before, other, *after))
            if other not in term:
                for spot in range(len(term) + 1):
                    yield Slip("factor-too-many", "There is one factor too many in a product.",
                               sympy.Mul(*term[:spot], other, *term[spot:]))  # fmt: skip
    for first, second in itertools.combinations(range(len(term)), 2):
        swapped = list(term)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        yield Slip("factors-swapped", ORDER, sympy.Mul(*swapped))
    if len(term) > 1:
        yield Slip("product-turned-around", ORDER, sympy.Mul(*term[::-1]))
        yield Slip("factors-added", "Factors multiply: one map follows the other.", sympy.Add(*term))
    for order in itertools.permutations(term) if 2 < len(term) < 5 else ():
        yield Slip("factors-in-another-order", ORDER, sympy.Mul(*order))


def _in_all_terms(terms: list[Factors], right: Any, names: Sequence[Any]) -> Iterator[Slip]:
    yield Slip("transposed", "Nothing is transposed here.", sympy.transpose(right))
    yield Slip("factors-transposed", "Nothing is transposed here.",
               sympy.Add(*(sympy.Mul(*map(sympy.transpose, term)) for term in terms)))  # fmt: skip
    yield Slip("products-turned-around", ORDER, sympy.Add(*(sympy.Mul(*term[::-1]) for term in terms)))
    yield Slip("first-factors-missing", "The chain starts further to the left.",
               sympy.Add(*(sympy.Mul(*(term[1:] or term)) for term in terms)))  # fmt: skip
    yield Slip("last-factors-missing", "The chain ends further to the right.",
               sympy.Add(*(sympy.Mul(*(term[:-1] or term)) for term in terms)))  # fmt: skip
    for first, second in itertools.combinations(names, 2):
        swap = {first: second, second: first}
        if str(first)[0] == str(second)[0]:
            changed = (sympy.Mul(*(swap.get(factor, factor) for factor in term)) for term in terms)
            yield Slip("indices-swapped", INDEX, sympy.Add(*changed))
    for name in names:
        kept = (sympy.Mul(*(factor for factor in term if factor != name)) for term in terms if term != [name])
        yield Slip(f"{name}-missing-everywhere", f"{name} is missing.", sympy.Add(*kept))
    letters = sorted({str(name)[0] for name in names})
    for letter in letters if len(letters) > 1 else ():
        left = [[factor for factor in term if str(factor)[0] != letter] for term in terms]
        yield Slip(f"all-{letter}-missing", f"The factors {letter} are missing.",
                   sympy.Add(*(sympy.Mul(*term) for term in left if term)))  # fmt: skip
    summed = (sympy.Mul(*(sympy.Add(*term[:-1]), term[-1]) if len(term) > 1 else term) for term in terms)
    yield Slip("weights-added", "Layers follow each other: their weights multiply.", sympy.Add(*summed))
