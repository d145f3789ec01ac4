"""The derivative of the logistic function, written in its own output."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from theory.forms import ExpressionForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "logistic_derivative"
VOCABULARY = Vocabulary.of(scalars=[("y", ()), ("x", ())], functions=["sigma", "exp"])


@dataclass(frozen=True)
class Parameters:
    """The slope k of the logistic function y = 1 / (1 + exp(-k x))."""

    slope: int = 1

    def __post_init__(self) -> None:
        """Refuse a function that is constant."""
        require(isinstance(self.slope, int) and 1 <= self.slope <= 9, ID, "a slope of 1 to 9", self.slope)


def question(parameters: Parameters) -> Question:
    """Return the question."""
    inner = "x" if parameters.slope == 1 else f"{parameters.slope}x"
    text = f"""A logistic unit computes $y = \\dfrac{{1}}{{1 + e^{{-{inner}}}}}$. In the backward pass only
its output $y$ is available, not $x$. Write $dy/dx$ as a function of $y$ alone."""
    blank = Blank("derivative", "$dy/dx$ in $y$", ExpressionForm(VOCABULARY))
    return Question(ID, "The derivative of the logistic function", text, (blank,))


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return another slope."""
    return Parameters(slope=random.choice([2, 3, 4, 5]))
