"""Stacked linear layers are one linear layer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from theory.forms import OperatorForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "linear_layers"


@dataclass(frozen=True)
class Parameters:
    """The number of layers."""

    layers: int = 3

    def __post_init__(self) -> None:
        """Refuse what is no stack, or too high to be written down."""
        require(2 <= self.layers <= 6, ID, "2 to 6 layers", self.layers)


def vocabulary(parameters: Parameters) -> Vocabulary:
    """Return the names of the weights and biases."""
    numbers = range(1, parameters.layers + 1)
    return Vocabulary.of(matrices=[(base, (number,)) for base in "Wb" for number in numbers])


def question(parameters: Parameters) -> Question:
    """Return the question for this many layers."""
    last = parameters.layers
    text = f"""Layers without a non-linearity follow each other:
$$x_k = W_k x_{{k-1}} + b_k, \\qquad k = 1, …, {last}.$$
Write them as a single layer $x_{last} = W x_0 + b$. Matrices do not commute: the order of a product
matters."""
    form = OperatorForm(vocabulary(parameters))
    blanks = (Blank("W", "$W$", form), Blank("b", "$b$", form, share=2))
    return Question(ID, "Several linear layers in a row", text, blanks)


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return another number of layers."""
    return Parameters(layers=random.choice([3, 4]))
