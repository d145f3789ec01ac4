"""The hyperbolic tangent beside the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from theory.forms import ExpressionForm, IntervalForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "tanh"
VOCABULARY = Vocabulary.of(scalars=[("x", ())], functions=["sigma", "exp", "tanh", "sinh", "cosh"])


@dataclass(frozen=True)
class Parameters:
    """The factor k of tanh(k x)."""

    scale: int = 1

    def __post_init__(self) -> None:
        """Refuse a function that is constant."""
        require(isinstance(self.scale, int) and 1 <= self.scale <= 9, ID, "a scale of 1 to 9", self.scale)


def question(parameters: Parameters) -> Question:
    """Return the question."""
    inner = "x" if parameters.scale == 1 else f"{parameters.scale}x"
    text = f"""Let $\\sigma(x) = \\dfrac{{1}}{{1 + e^{{-x}}}}$ and $t(x) = \\tanh({inner})$."""
    blanks = (
        Blank("range", "Which values does $t$ take?", IntervalForm()),
        Blank("logistic_range", "Which values does $\\sigma$ take?", IntervalForm()),
        Blank(
            "derivative",
            "Write $t'(x)$ using only $\\sigma$ and numbers.",
            ExpressionForm(VOCABULARY),
            share=2,
        ),
    )
    return Question(ID, "The hyperbolic tangent", text, blanks)


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return another scale."""
    return Parameters(scale=random.choice([2, 3, 4]))
