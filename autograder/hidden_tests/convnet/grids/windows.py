"""Attributes of a layer with windows: of its output, its input and its settings, symbol by symbol."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.grid import DATA, INPUT, OUTPUT, SETTING, Holds, setting


class Sizes(NamedTuple):
    """The letters of the formulas: batch, channels, image, kernel, stride, padding, output."""

    batch: int
    channels: int
    height: int
    width: int
    kernel: int
    stride: int
    padding: int
    out_height: int
    out_width: int

    @property
    def leftover_rows(self) -> int:
        """Return how many padded rows at the bottom no window reaches."""
        return (self.height + 2 * self.padding - self.kernel) % self.stride

    @property
    def leftover_columns(self) -> int:
        """Return how many padded columns at the right no window reaches."""
        return (self.width + 2 * self.padding - self.kernel) % self.stride


def sizes(case: Case) -> Sizes:
    """Return the sizes of a case of `conv2d` or `max_pool`."""
    batch, channels, height, width = case.arrays["x"].shape
    kernel, stride, padding = (setting(case, name) for name in ("kernel_size", "stride", "padding"))
    outputs = [(side + 2 * padding - kernel) // stride + 1 for side in (height, width)]
    return Sizes(batch, channels, height, width, kernel, stride, padding, *outputs)


def on(test: Callable[[Sizes], bool]) -> Holds:
    """Return a test of cases out of a test of their sizes."""
    return lambda case: test(sizes(case))


OUTPUTS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("the output is not square (H' ≠ W')", "the output is square (H' = W')", OUTPUT),
        on(lambda z: z.out_height != z.out_width),
    ),
    (
        Attribute("the output is wider than high (W' > H')", "the output is not wider than high", OUTPUT),
        on(lambda z: z.out_width > z.out_height),
    ),
    (
        Attribute("the output is higher than wide (H' > W')", "the output is not higher than wide", OUTPUT),
        on(lambda z: z.out_height > z.out_width),
    ),
    (
        Attribute(
            "the output has another size than the input", "the output is as large as the input", OUTPUT
        ),
        on(lambda z: (z.out_height, z.out_width) != (z.height, z.width)),
    ),
    (
        Attribute("the output is larger than the input", "the output is not larger than the input", OUTPUT),
        on(lambda z: z.out_height > z.height or z.out_width > z.width),
    ),
    (
        Attribute("the output has more than one pixel", "the output is a single pixel", OUTPUT),
        on(lambda z: z.out_height * z.out_width > 1),
    ),
    (
        Attribute("the output has more than one row", "the output has only one row", OUTPUT),
        on(lambda z: z.out_height > 1),
    ),
    (
        Attribute("the output has more than one column", "the output has only one column", OUTPUT),
        on(lambda z: z.out_width > 1),
    ),
    (
        Attribute(
            "the last window starts at or beyond index H' or W' of the input",
            "every window starts before index H' and W' of the input",
            OUTPUT,
        ),
        on(
            lambda z: (
                (z.out_height - 1) * z.stride >= z.out_height or (z.out_width - 1) * z.stride >= z.out_width
            )
        ),
    ),
    (
        Attribute("the last window starts at or beyond row H'", "every window starts before row H'", OUTPUT),
        on(lambda z: (z.out_height - 1) * z.stride >= z.out_height),
    ),
    (
        Attribute(
            "the last window starts at or beyond column W'", "every window starts before column W'", OUTPUT
        ),
        on(lambda z: (z.out_width - 1) * z.stride >= z.out_width),
    ),
    (
        Attribute(
            "H' or W' is not the input's size divided by the stride",
            "H' and W' are the input's size divided by the stride",
            OUTPUT,
        ),
        on(lambda z: z.height // z.stride != z.out_height or z.width // z.stride != z.out_width),
    ),
)
INPUTS: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("H ≠ W", "H = W", INPUT), on(lambda z: z.height != z.width)),
    (Attribute("W > H", "W is at most H", INPUT), on(lambda z: z.width > z.height)),
    (Attribute("H > W", "H is at most W", INPUT), on(lambda z: z.height > z.width)),
    (
        Attribute("rows or columns are left over at the border", "no row or column is left over", INPUT),
        on(lambda z: bool(z.leftover_rows or z.leftover_columns)),
    ),
    (
        Attribute("rows are left over at the border", "no row is left over", INPUT),
        on(lambda z: bool(z.leftover_rows)),
    ),
    (
        Attribute("columns are left over at the border", "no column is left over", INPUT),
        on(lambda z: bool(z.leftover_columns)),
    ),
    (Attribute("there are several images (N > 1)", "N = 1", INPUT), on(lambda z: z.batch > 1)),
    (Attribute("N ≠ C", "N = C", INPUT), on(lambda z: z.batch != z.channels)),
    (Attribute("N > C", "N is at most C", INPUT), on(lambda z: z.batch > z.channels)),
    (Attribute("C > N", "C is at most N", INPUT), on(lambda z: z.channels > z.batch)),
    (Attribute("there are several channels (C > 1)", "C = 1", INPUT), on(lambda z: z.channels > 1)),
)
SETTINGS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("windows overlap (K > stride)", "windows do not overlap", SETTING),
        on(lambda z: z.kernel > z.stride),
    ),
    (
        Attribute(
            "there are gaps between windows (stride > K)", "there are no gaps between windows", SETTING
        ),
        on(lambda z: z.stride > z.kernel),
    ),
    (
        Attribute("the kernel size is not the stride", "the kernel size is the stride", SETTING),
        on(lambda z: z.kernel != z.stride),
    ),
    (Attribute("the stride is above 1", "the stride is 1", SETTING), on(lambda z: z.stride > 1)),
    (Attribute("the stride is 3", "the stride is 1 or 2", SETTING), on(lambda z: z.stride > 2)),
    (Attribute("K is even", "K is odd", SETTING), on(lambda z: z.kernel % 2 == 0)),
    (Attribute("K is above 1", "K is 1", SETTING), on(lambda z: z.kernel > 1)),
    (Attribute("K is not 2", "K is 2", SETTING), on(lambda z: z.kernel != 2)),
    (Attribute("K is not 3", "K is 3", SETTING), on(lambda z: z.kernel != 3)),
)
CALLS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("the layer was called before", "the layer is called for the first time", DATA),
        lambda case: setting(case, "repeats") > 0,
    ),
    (
        Attribute("x is float32", "x is float64", DATA),
        lambda case: case.settings.get("dtype") == "float32",
    ),
)
