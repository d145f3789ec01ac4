"""The parameters of a network for one resolution, and of one for every resolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import ExpressionForm, NumberForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "network_parameters"
VOCABULARY = Vocabulary.of(scalars=[("N", ())])


@dataclass(frozen=True)
class Parameters:
    """Square images of `side` pixels; convolutions to `channels`, each with a 2 × 2 pooling after it."""

    side: int = 28
    input_channels: int = 1
    channels: tuple[int, ...] = (16, 32, 64)
    kernel: int = 3
    classes: int = 10

    def __post_init__(self) -> None:
        """Refuse networks that pool the image away."""
        require(2 <= len(self.channels) <= 5 and min(self.channels) > 0, ID, "2 to 5 layers", self.channels)
        require(self.kernel % 2 == 1, ID, "an odd kernel, which can keep the size", self.kernel)
        require(self.side >> len(self.channels) > 0, ID, "an image that survives the poolings", self.side)
        require(
            min(self.input_channels, self.classes) > 0, ID, "at least one channel and class", self.classes
        )


def question(parameters: Parameters) -> Question:
    """Return the question for this network."""
    p = parameters
    stages = " → ".join(map(str, (p.input_channels, *p.channels)))
    text = f"""A network for images of ${p.side} \\times {p.side}$ pixels has {len(p.channels)}
convolutions with ${p.kernel} \\times {p.kernel}$ kernels and the channels {stages}. Each keeps height
and width, and is followed by a ReLU and a max pooling of $2 \\times 2$ with stride 2 (odd sides are
rounded down). The result is flattened and passes one linear layer to {p.classes} classes. Every filter
and every class has a bias.

A second network takes images of any size: its last convolution has $N$ instead of {p.channels[-1]}
channels, and between it and the linear layer a global pooling reduces each channel to one number."""
    whole = NumberForm(is_whole=True)
    blanks = (
        Blank("flattened", "How many numbers enter the linear layer of the first network?", whole),
        Blank("fixed", "How many parameters does the first network have?", whole),
        Blank("variable", "How many does the second have, as a formula in $N$?", ExpressionForm(VOCABULARY)),
        Blank("best", "For which $N$ do the two counts come closest?", whole),
        Blank("count", "How many parameters does the second network have then?", whole),
    )
    return Question(ID, "Networks with the same number of parameters", text, blanks)


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return other channels."""
    first = random.choice([8, 12, 16])
    return replace(parameters, channels=(first, 2 * first, 4 * first), side=random.choice([28, 32]))
