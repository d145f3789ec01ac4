"""Dead ReLUs: an answer in words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from theory.forms import TextForm
from theory.questions.question import Blank, Question, require

ID = "dead_neurons"


@dataclass(frozen=True)
class Parameters:
    """The most words that an answer may have."""

    words: int = 200

    def __post_init__(self) -> None:
        """Refuse a limit that leaves no room."""
        require(10 <= self.words <= 2_000, ID, "10 to 2000 words", self.words)


def question(parameters: Parameters) -> Question:
    """Return the question."""
    text = """Where the input of a ReLU is negative, its gradient is 0: a unit that is off for every image
stops learning and is called *dead*. Networks with ReLUs train well nevertheless. Explain why,
with the data, the initial weights and the other units in mind."""
    blank = Blank("why", "In your own words.", TextForm(words=parameters.words))
    return Question(ID, "Dead units", text, (blank,))


def vary(parameters: Parameters, _random: Random) -> Parameters:
    """Return the same question: words are everybody's own."""
    return parameters
