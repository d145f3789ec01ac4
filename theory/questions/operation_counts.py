"""How many multiplications, additions and comparisons two layers take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from theory.forms import NumberForm, SizeForm
from theory.questions.question import Blank, Question, require

ID = "operation_counts"


@dataclass(frozen=True)
class Parameters:
    """A square input (side in pixels, channels), a convolution and a max pooling after it."""

    side: int = 12
    channels: int = 50
    filters: int = 20
    kernel: int = 4
    stride: int = 2
    padding: int = 1
    pool: int = 3
    pool_stride: int = 1

    def __post_init__(self) -> None:
        """Refuse layers that do not fit on their input."""
        sizes = tuple(vars(self).values())
        require(
            all(isinstance(size, int) and 0 <= size <= 10_000 for size in sizes), ID, "whole sizes", sizes
        )
        require(
            min(self.stride, self.pool_stride, self.filters, self.channels) > 0, ID, "sizes above 0", sizes
        )
        require(0 < self.kernel <= self.side + 2 * self.padding, ID, "a kernel inside the input", self.kernel)
        conv = (self.side + 2 * self.padding - self.kernel) // self.stride + 1
        require(0 < self.pool <= conv, ID, f"a pooling window of at most {conv}", self.pool)


def question(parameters: Parameters) -> Question:
    """Return the question for these layers."""
    p = parameters
    text = f"""An input of ${p.side} \\times {p.side}$ pixels and {p.channels} channels passes a
convolution with {p.filters} filters of ${p.kernel} \\times {p.kernel}$ pixels, stride {p.stride} and
{p.padding} pixels of zeros on every side, then a max pooling of ${p.pool} \\times {p.pool}$ pixels with
stride {p.pool_stride} and no padding.

**How to count.** One output value of the convolution is a sum of products: each product is one
multiplication, a sum of $n$ products takes $n - 1$ additions, and adding a bias is one addition more for
every output value. Products with padded zeros count. The maximum of $n$ values takes $n - 1$
comparisons. A total adds up all three kinds."""
    return Question(ID, "Counting operations", text, _blanks())


def _blanks() -> tuple[Blank, ...]:
    whole, size = NumberForm(is_whole=True), SizeForm(("channels", "height", "width"))
    return (
        Blank("conv_output", "The size of the convolution's output", size),
        Blank("conv_multiplications", "Multiplications of the convolution", whole),
        Blank("conv_additions", "Additions of the convolution without bias", whole),
        Blank("conv_additions_bias", "Additions of the convolution with bias", whole),
        Blank("pool_output", "The size of the pooling's output", size),
        Blank("pool_comparisons", "Comparisons of the pooling", whole),
        Blank("total", "All operations of both layers, without bias", whole),
        Blank("total_bias", "All operations of both layers, with bias", whole),
    )


def vary(parameters: Parameters, random: Random) -> Parameters:
    """Return other layers whose sizes come out whole."""
    return replace(
        parameters,
        side=random.choice([12, 16, 20, 24]),
        channels=random.choice([10, 20, 30, 50]),
        filters=random.choice([16, 20, 24]),
    )
