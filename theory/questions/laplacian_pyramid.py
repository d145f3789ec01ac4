"""An image out of its Laplacian pyramid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import ListForm, OperatorForm
from theory.parse import Key, Vocabulary
from theory.questions.question import Blank, Question, require

ID = "laplacian_pyramid"


@dataclass(frozen=True)
class Parameters:
    """How many times the image was made smaller, and whether one operator expands every level."""

    levels: int = 3
    has_one_operator: bool = False

    def __post_init__(self) -> None:
        """Refuse pyramids without levels, or too high to be written down."""
        require(2 <= self.levels <= 6, ID, "2 to 6 levels", self.levels)


def operator(parameters: Parameters, level: int) -> Key:
    """Return the name of what expands level `level` to the size of the level below."""
    return ("U", ()) if parameters.has_one_operator else ("U", (level,))


def vocabulary(parameters: Parameters) -> Vocabulary:
    """Return the names of operators, bands and images."""
    levels = range(parameters.levels + 1)
    operators = dict.fromkeys(operator(parameters, level) for level in levels[1:])
    bands = [("L", (level,)) for level in levels[:-1]]
    return Vocabulary.of(matrices=[*operators, *bands, *[("I", (level,)) for level in levels]])


def image_names(parameters: Parameters) -> Vocabulary:
    """Return the names of bands and images."""
    levels = range(parameters.levels + 1)
    keys = [("L", (level,)) for level in levels[:-1]] + [("I", (level,)) for level in levels]
    return Vocabulary.of(scalars=keys)


def question(parameters: Parameters) -> Question:
    """Return the question for this many levels."""
    top = parameters.levels
    name = "U" if parameters.has_one_operator else "U_{k+1}"
    text = f"""An image $I_0$ is blurred and made smaller {top} times, which gives $I_1, …, I_{top}$. A
linear operator ${name}$ expands $I_{{k+1}}$ to the size of $I_k$. The Laplacian pyramid keeps what the
expansion misses,
$$L_k = I_k - {name} I_{{k+1}}, \\qquad k = 0, …, {top - 1}.$$
Operators do not commute: the order of a product matters."""
    form = OperatorForm(vocabulary(parameters))
    blanks = (
        Blank("kept", "Which images must be kept so that $I_0$ can be reconstructed? List them.",
              ListForm(image_names(parameters))),
        Blank("image", "Write $I_0$ in terms of the kept images and the operators.", form, share=2),
    )  # fmt: skip
    return Question(ID, "Reconstructing an image from its pyramid", text, blanks)


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return another height."""
    return replace(parameters, levels=random.choice([3, 4]))
