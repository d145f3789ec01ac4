"""The size of what a convolution puts out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import ExpressionForm, SizeForm
from theory.parse import Vocabulary
from theory.questions.question import Blank, Question, require

ID = "output_sizes"
VOCABULARY = Vocabulary.of(scalars=[(name, ()) for name in "nkps"], functions=["floor", "ceil"])


@dataclass(frozen=True)
class Parameters:
    """One square kernel, and `images` as (channels, height, width)."""

    kernel: int = 5
    stride: int = 2
    padding: int = 1
    filters: int = 16
    images: tuple[tuple[int, int, int], ...] = ((3, 1024, 768), (3, 1920, 1080))

    def __post_init__(self) -> None:
        """Refuse images that the kernel does not fit into."""
        require(
            min(self.kernel, self.stride, self.filters) > 0 <= self.padding, ID, "sizes above 0", vars(self)
        )
        require(1 <= len(self.images) <= 6, ID, "one to six images", len(self.images))
        for image in self.images:
            fits = len(image) == 3 and min(image[1:]) + 2 * self.padding >= self.kernel
            require(fits, ID, "images as [channels, height, width], larger than the kernel", image)


def question(parameters: Parameters) -> Question:
    """Return the question for these images."""
    p = parameters
    text = f"""A convolution with {p.filters} filters of ${p.kernel} \\times {p.kernel}$ pixels, stride
{p.stride} and {p.padding} pixels of zeros on every side is applied to images of different sizes. Only
windows that fit completely into the padded image are evaluated. What is the size of the output, as
channels x height x width?"""
    form = SizeForm(("channels", "height", "width"))
    blanks = tuple(
        Blank(f"image_{number}", f"Input of {' x '.join(map(str, image))}", form)
        for number, image in enumerate(p.images, start=1)
    )
    prompt = (
        "Now in general, for one side: an image of $n$ pixels, a kernel of $k$, $p$ pixels of zeros on each "
        "side and stride $s$, with $n + 2p \\ge k$. How many pixels does the output have?"
    )
    return Question(ID, "Output sizes", text, (*blanks, Blank("side", prompt, ExpressionForm(VOCABULARY))))


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return other images, for which the stride does not come out even."""
    sides = [(random.randint(100, 999), random.randint(100, 999)) for _ in parameters.images]
    return replace(parameters, images=tuple((3, height * 2, width * 2) for height, width in sides))
