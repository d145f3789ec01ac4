"""A convolution written as one matrix: y = A x."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import MatrixForm, SizeForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "conv_matrix"


@dataclass(frozen=True)
class Parameters:
    """Sides in pixels: (rows, columns) of kernel and input; stride and padding as in both directions."""

    kernel: tuple[int, int] = (3, 3)
    input: tuple[int, int] = (3, 3)
    stride: int = 4
    padding: int = 2

    def __post_init__(self) -> None:
        """Refuse what is no convolution, or too large to be written down."""
        sides = (*self.kernel, *self.input)
        require(all(1 <= side <= 9 for side in sides), ID, "sides between 1 and 9", sides)
        require(1 <= self.stride <= 9, ID, "a stride between 1 and 9", self.stride)
        require(0 <= self.padding <= 8, ID, "a padding between 0 and 8", self.padding)
        padded = [side + 2 * self.padding for side in self.input]
        require(
            padded[0] >= self.kernel[0] and padded[1] >= self.kernel[1],
            ID,
            "a kernel inside the input",
            padded,
        )


def vocabulary(parameters: Parameters) -> Vocabulary:
    """Return the names of the kernel's weights, and of the pixels, which do not belong into A."""
    weights = [("w", (u, v)) for u in range(parameters.kernel[0]) for v in range(parameters.kernel[1])]
    pixels = [("x", (i, j)) for i in range(parameters.input[0]) for j in range(parameters.input[1])]
    return Vocabulary.of(scalars=[*weights, *pixels])


def question(parameters: Parameters) -> Question:
    """Return the question for these sizes."""
    kernel, image = (f"${rows} \\times {columns}$" for rows, columns in (parameters.kernel, parameters.input))
    text = f"""A convolution layer is an affine map, so without its bias it is one matrix. A {kernel}
kernel $W$ with weights $w_{{(u,v)}}$ slides over one {image} channel $X$ of pixels $x_{{(i,j)}}$ with
**stride {parameters.stride}** and **{parameters.padding} pixels of zeros** on every side. The kernel is
not flipped: this is the convolution of deep learning. Let $x$ be $X$ row by row, *without* the padding,
and $y$ the output row by row. Find the matrix $A$ with $y = A x$ for every $X$."""
    return Question(
        id=ID,
        title="A convolution as a matrix",
        text=text,
        blanks=(
            Blank("dimensions", "What are the dimensions of $A$?", SizeForm()),
            Blank("entries", "Write down the entries of $A$.", MatrixForm(vocabulary(parameters)), share=3),
        ),
    )


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return another stride and padding of about the same amount of work."""
    stride, padding = random.choice([(2, 0), (2, 1), (3, 1), (3, 2), (4, 2)])
    return replace(
        parameters, input=(random.choice([3, 4]), random.choice([3, 4])), stride=stride, padding=padding
    )
