"""A small ReLU network, which is linear around almost every point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from theory.forms import ListForm, MatrixForm, NumberForm, OperatorForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, exact, require

ID = "relu_network"
Table = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Parameters:
    """`weights[l]` is the matrix W of layer l, row by row; `biases[l]` its b; `points` are the x to look at.

    The input and the output have one dimension; every layer but the last is followed by a ReLU.
    """

    weights: tuple[Table, ...] = (((1.5,), (0.5,)), ((1, 2), (2, 1)), ((1, 1),))
    biases: tuple[tuple[Any, ...], ...] = ((0, 1), (0, 1), (-1,))
    points: tuple[Any, ...] = (2, -1, 1)

    def __post_init__(self) -> None:
        """Make all numbers exact, and refuse layers that do not fit together."""
        weights = tuple(tuple(tuple(exact(w, ID) for w in row) for row in table) for table in self.weights)
        biases = tuple(tuple(exact(b, ID) for b in bias) for bias in self.biases)
        require(
            2 <= len(weights) == len(biases) <= 4, ID, "two to four layers, each with W and b", len(biases)
        )
        sides = [1, *(len(table) for table in weights)]
        require(sides[-1] == 1, ID, "one output", sides[-1])
        for layer, (table, bias) in enumerate(zip(weights, biases, strict=True)):
            fits = all(len(row) == sides[layer] for row in table) and len(bias) == len(table) <= 6
            require(
                fits,
                f"{ID}, layer {layer + 1}",
                f"at most 6 rows of {sides[layer]} weights, a bias each",
                table,
            )
        require(1 <= len(self.points) <= 5, ID, "one to five points", self.points)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)
        object.__setattr__(self, "points", tuple(exact(point, ID) for point in self.points))


def vocabulary(layers: int) -> Vocabulary:
    """Return the names W1, W2, … of the weights and D1, D2, … of the masks."""
    return Vocabulary.of(
        matrices=[("W", (k,)) for k in range(1, layers + 1)] + [("D", (k,)) for k in range(1, layers)]
    )


def question(parameters: Parameters) -> Question:
    """Return the question for this network."""
    layers = len(parameters.weights)
    lines = [
        f"$$W^{{({k})}} = {latex(table)}, \\quad b^{{({k})}} = {latex([[entry] for entry in bias])}$$"
        for k, (table, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1)
    ]
    text = f"""A network with ReLUs computes a function that is linear in pieces. Here every layer $k$
but the last computes $h_k = \\max\\{{0, W^{{(k)}} h_{{k-1}} + b^{{(k)}}\\}}$ entry by entry, with $h_0 =
x \\in \\mathbb{{R}}$, and the last one $h(x) = W^{{({layers})}} h_{{{layers - 1}}} + b^{{({layers})}}$,
with

{chr(10).join(lines)}

Around a point $x_o$ inside a piece, $h(x) = W x + b$. A unit is *on* where the input of its ReLU is
positive. Let $D_k$ be the diagonal matrix with 1 for every unit of layer $k$ that is on at $x_o$, and 0
for the others."""
    return Question(
        ID, "A ReLU network is piecewise linear", text, (*_point_blanks(parameters), *_shape_blanks(layers))
    )


def _point_blanks(parameters: Parameters) -> list[Blank]:
    blanks = []
    for number, point in enumerate(parameters.points, start=1):
        at = f"at $x_o = {point}$"
        rows = "one row per hidden layer, one column per unit, 1 for on and 0 for off"
        blanks += [
            Blank(f"pattern_{number}", f"Which units are on {at}? A matrix: {rows}.", MatrixForm()),
            Blank(f"W_{number}", f"$W$ {at}", NumberForm()),
            Blank(f"b_{number}", f"$b$ {at}", NumberForm()),
        ]
    return blanks


def _shape_blanks(layers: int) -> list[Blank]:
    return [
        Blank(
            "slope",
            "Write $dh/dx$ as a product of the $W^{(k)}$ and the $D_k$.",
            OperatorForm(vocabulary(layers)),
        ),
        Blank("borders", "At which $x$ does the slope of $h$ change? List them all.", ListForm()),
    ]


def latex(table: Any) -> str:
    """Write a matrix of fractions in LaTeX."""
    rows = " \\\\ ".join(" & ".join(_number(entry) for entry in row) for row in table)
    return f"\\begin{{bmatrix}} {rows} \\end{{bmatrix}}"


def _number(value: Fraction) -> str:
    if value.denominator == 1 or value.denominator in (2, 4, 5, 8, 10):
        return f"{float(value):g}"
    return f"{value}"


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return a network of the same layers with other small weights, and points in different pieces."""

    def number(choices: tuple[str, ...]) -> Fraction:
        return Fraction(random.choice(choices))

    first = ((number(("1/2", "3/2", "5/2")),), (number(("1/2", "1", "3/4")),))
    second = ((number(("1", "3")), number(("2", "1"))), (number(("2", "3")), number(("1", "2"))))
    biases = ((0, number(("1", "2"))), (0, number(("1", "2"))), (number(("-1", "-2")),))
    return Parameters(
        weights=(first, second, ((1, 1),)), biases=biases, points=(2, "-1/2", random.choice([1, 3]))
    )
