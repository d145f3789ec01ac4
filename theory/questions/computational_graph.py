"""Backpropagation by hand through a graph of three logistic units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from theory.forms import DecimalForm, ExpressionForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, exact, require

ID = "computational_graph"
FACTORS = ("dL_dyhat", "dyhat_ds3", "ds3_ds", "ds_dw", "dL_dw")


@dataclass(frozen=True)
class Parameters:
    """Inputs x1 … x4, weights w1 … w6, target y; differentiate by w_k, where k is `weight` (1 to 4)."""

    x: tuple[Any, ...] = (1.2, -1.1, 0.8, 0.7)
    w: tuple[Any, ...] = (-0.65, -0.55, 1.74, 0.79, -0.13, 0.93)
    y: Any = 1
    weight: int = 3

    def __post_init__(self) -> None:
        """Make all numbers exact, and refuse other counts."""
        require(
            len(self.x) == 4 and len(self.w) == 6, ID, "4 inputs and 6 weights", (len(self.x), len(self.w))
        )
        require(self.weight in (1, 2, 3, 4), ID, "a weight of 1 to 4", self.weight)
        object.__setattr__(self, "x", tuple(exact(value, ID) for value in self.x))
        object.__setattr__(self, "w", tuple(exact(value, ID) for value in self.w))
        object.__setattr__(self, "y", exact(self.y, ID))

    @property
    def unit(self) -> int:
        """Return the number of the unit, 1 or 2, that the weight belongs to."""
        return 1 if self.weight <= 2 else 2


VOCABULARY = Vocabulary.of(
    scalars=[
        *[("x", (k,)) for k in range(1, 5)],
        *[("w", (k,)) for k in range(1, 7)],
        *[("s", (k,)) for k in range(1, 4)],
        ("y", ()),
        ("yhat", ()),
    ],
    functions=["sigma", "exp"],
)


def question(parameters: Parameters) -> Question:
    """Return the question for these numbers."""
    inputs, weights = (
        ", ".join(_decimal(value) for value in values) for values in (parameters.x, parameters.w)
    )
    unit, weight = parameters.unit, parameters.weight
    text = f"""A small network computes, with the logistic function $\\sigma$,
$$s_1 = w_1 x_1 + w_2 x_2, \\quad s_2 = w_3 x_3 + w_4 x_4, \\quad
s_3 = w_5 \\sigma(s_1) + w_6 \\sigma(s_2), \\quad \\hat y = \\sigma(s_3), \\quad L = (y - \\hat y)^2$$
with $(x_1, …, x_4) = ({inputs})$, $(w_1, …, w_6) = ({weights})$ and $y = {_decimal(parameters.y)}$. Find
$\\partial L / \\partial w_{weight}$ by the chain rule, factor by factor, first as a formula and then as
a number. A formula may use $x_k, w_k, s_k, y, \\hat y$ (write `yhat`) and $\\sigma$ (write `sigma`)."""
    blanks = tuple(blank for factor in FACTORS for blank in _blanks(factor, unit, weight))
    return Question(ID, "A computational graph", text, blanks)


def _blanks(factor: str, unit: int, weight: int) -> tuple[Blank, Blank]:
    symbols = {"dL_dyhat": r"\partial L / \partial \hat y", "dyhat_ds3": r"\partial \hat y / \partial s_3",
               "ds3_ds": rf"\partial s_3 / \partial s_{unit}",
               "ds_dw": rf"\partial s_{unit} / \partial w_{weight}",
               "dL_dw": rf"\partial L / \partial w_{weight}"}  # fmt: skip
    return (
        Blank(factor, f"${symbols[factor]}$, a formula", ExpressionForm(VOCABULARY)),
        Blank(f"{factor}_value", f"${symbols[factor]}$, a number", DecimalForm()),
    )


def _decimal(value: Fraction) -> str:
    return f"{float(value):g}"


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return other numbers, and another weight to differentiate by."""
    w = tuple(Fraction(random.choice([-1, 1]) * random.randint(11, 190), 100) for _ in range(6))
    x = tuple(Fraction(random.choice([-1, 1]) * random.randint(3, 14), 10) for _ in range(4))
    return replace(parameters, x=x, w=w, weight=random.randint(1, 4))
