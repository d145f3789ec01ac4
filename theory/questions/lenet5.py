"""The trainable parameters of LeNet-5, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import NumberForm
from theory.questions.question import Blank, Question, require

ID = "lenet5"
LAYERS = ("C1", "S2", "C3", "S4", "C5", "F6", "output")


@dataclass(frozen=True)
class Parameters:
    """The conventions by which parameters are counted.

    `c3` is "full" (every map of C3 sees every map of S2) or "table" (the 60 connections of LeCun et al.
    1998, table I); `subsampling` is "none" or "trainable" (a coefficient and a bias a map); `output` is
    "linear" or "rbf" (fixed prototypes, nothing to train).
    """

    has_bias: bool = True
    c3: str = "full"
    subsampling: str = "none"
    output: str = "linear"

    def __post_init__(self) -> None:
        """Refuse conventions without a name."""
        require(self.c3 in ("full", "table"), ID, 'c3 = "full" or "table"', self.c3)
        require(
            self.subsampling in ("none", "trainable"),
            ID,
            'subsampling = "none" or "trainable"',
            self.subsampling,
        )
        require(self.output in ("linear", "rbf"), ID, 'output = "linear" or "rbf"', self.output)


CONVENTIONS = {
    "full": "Every map of C3 is computed from all 6 maps of S2.",
    "table": "Each map of C3 sees 3, 4 or 6 of the maps of S2, by the paper's table: 60 connections.",
    "none": "The subsampling layers S2 and S4 have nothing to train.",
    "trainable": "Each map of S2 and S4 has a trainable coefficient and a trainable bias.",
    "linear": "The output layer is fully connected.",
    "rbf": "The output layer compares with fixed prototypes and has nothing to train.",
}


def question(parameters: Parameters) -> Question:
    """Return the question under these conventions."""
    chosen = "\n".join(
        f"- {CONVENTIONS[name]}" for name in (parameters.c3, parameters.subsampling, parameters.output)
    )
    bias = "has one bias" if parameters.has_bias else "has no bias"
    text = f"""LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) reads images of $32 \\times 32$ pixels
with one channel: C1 is a convolution to 6 maps of $28 \\times 28$, S2 subsamples to $14 \\times 14$, C3
is a convolution to 16 maps of $10 \\times 10$, S4 subsamples to $5 \\times 5$, C5 is a convolution to
120 maps of $1 \\times 1$, F6 is fully connected with 84 units, and the output has 10 classes. How many
parameters does each layer train, by these conventions?

- Every map of a convolution, and every unit of a fully connected layer, {bias}.
{chosen}"""
    whole = NumberForm(is_whole=True)
    blanks = [Blank(layer, f"Trainable parameters of {layer}", whole) for layer in LAYERS]
    return Question(
        ID, "The parameters of LeNet-5", text, (*blanks, Blank("total", "All of them together", whole))
    )


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return other conventions."""
    return replace(
        parameters, c3=random.choice(["full", "table"]), subsampling=random.choice(["none", "trainable"])
    )
