"""A x = vec(conv(W, X)) for every W and X.

Both sides are linear in X, so they agree for every X once they agree for each image that is 1 at one
pixel and 0 elsewhere: column k of A is the convolution of W with the k-th such image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from theory.law import Law, Laws, Misconception, distinct, first_difference, mistaken, value_law, written
from theory.laws import output_side
from theory.laws.convolution import has_one_moved, matrix_of, output_sides
from theory.laws.convolution_slips import entry_slips, visible_in_entries
from theory.parse import Matrix
from theory.questions.conv_matrix import Parameters, vocabulary
from theory.slips import Slip


def laws(parameters: Parameters) -> Laws:
    """Return the laws of both blanks."""
    return {"dimensions": _dimensions(parameters), "entries": _entries(parameters)}


def _dimensions(parameters: Parameters) -> Law:
    right = matrix_of(parameters).shape
    (rows, columns), (height, width) = output_sides(parameters), parameters.input
    padded = (height + 2 * parameters.padding) * (width + 2 * parameters.padding)
    all_steps = output_sides(replace(parameters, stride=1))
    law = value_law(
        "A has one row for each output pixel and one column for each input pixel.",
        right,
        [
            mistaken("dimensions-transposed", "y = A x: rows belong to y, columns to x.", right[::-1]),
            mistaken(
                "padding-counted-in-x",
                "x contains no padding, so no column belongs to it.",
                (right[0], padded),
            ),
            mistaken(
                "output-not-flattened", "y is flattened: one row for each output pixel.", (rows, columns)
            ),
            mistaken(
                "stride-ignored", "Count the steps of the stride.", (all_steps[0] * all_steps[1], right[1])
            ),
        ],
        place="A number is wrong: count the output pixels, and the input pixels without padding.",
        slips=_dimension_slips(parameters),
    )
    turned = Misconception(
        "transposed-and-wrong",
        "Rows belong to y, columns to x; and one of the numbers is also wrong.",
        lambda answer, sheet: any(one.matches(answer[::-1], sheet) for one in law.misconceptions),
        written((right[1] + 1, right[0])),
    )
    return replace(law, visible=(turned,))


def _dimension_slips(p: Parameters) -> Iterator[Slip]:
    """Yield the slips in (output pixels) x (input pixels): of one side, of both, of what is counted."""
    (rows, columns), (height, width) = output_sides(p), p.input
    right = (rows * columns, height * width)
    given = {output_side.k: p.kernel[0], output_side.p: p.padding, output_side.s: p.stride}
    given |= {output_side.both: 2, output_side.first: 1}
    for slip in output_side.side_slips(p.input, given) if p.kernel[0] == p.kernel[1] else ():
        yield replace(slip, formula=(slip.formula[0] * slip.formula[1], right[1]))
    area, padded = p.kernel[0] * p.kernel[1], (height + 2 * p.padding) * (width + 2 * p.padding)
    yield Slip(
        "kernel-for-x",
        "The columns belong to the pixels of x, not to the kernel's weights.",
        (right[0], area),
    )
    yield Slip("side-for-pixels-of-x", "x is flattened: one column for each pixel.", (right[0], width))
    yield Slip("side-for-pixels-of-y", "y is flattened: one row for each output pixel.", (rows, right[1]))
    yield Slip("output-for-input", "The columns belong to the input's pixels.", (right[0], right[0]))
    yield Slip("input-for-output", "The rows belong to the output's pixels.", (right[1], right[1]))
    yield Slip("kernel-for-y", "The rows belong to the output's pixels.", (area, right[1]))
    yield Slip(
        "padding-transposed", "x contains no padding; and y = A x: rows belong to y.", (padded, right[0])
    )
    yield Slip("padded-input-as-output", "The rows belong to the output's pixels.", (padded, right[1]))
    yield Slip("input-not-flattened", "These are the sides of X.", (height, width))
    yield Slip("x-as-a-row", "A has a row for each output pixel; this is the size of y.", (right[0], 1))


def _entries(parameters: Parameters) -> Law:
    right = matrix_of(parameters)
    known = distinct(_misconceptions(parameters, right), right)
    return Law(
        statement="A x equals the convolution of W and X, row by row, for every W and X.",
        holds=lambda answer, _sheet: answer.shape == right.shape and first_difference(answer, right) is None,
        locate=lambda answer, _sheet: _where(answer, right, parameters),
        misconceptions=(*known, *entry_slips(parameters, right, known)),
        visible=visible_in_entries(right),
        credit=lambda answer, _sheet: _rows_right(answer, right),
    )


def _misconceptions(parameters: Parameters, right: Any) -> list[Misconception]:
    names, (high, wide) = vocabulary(parameters), parameters.kernel
    flipped = matrix_of(parameters, weight=lambda u, v: names["w", (high - 1 - u, wide - 1 - v)])
    height, width = parameters.input
    columns_first = [i * width + j for j in range(width) for i in range(height)]
    larger = (height + 2 * parameters.padding, width + 2 * parameters.padding)
    padded = replace(parameters, input=larger, padding=0) if max(larger) <= 9 else parameters
    turned = "w(u,v) is row u, column v of the kernel."
    found = [
        mistaken("kernel-flipped", "Deep learning's convolution does not flip the kernel.", flipped),
        mistaken(
            "padding-kept-in-x", "x contains no padding: drop the columns of the zeros.", matrix_of(padded)
        ),
        mistaken("transposed", "This is the transpose of A: rows belong to y, columns to x.", right.T),
        mistaken("column-major", "x is flattened row by row, not column by column.", right[:, columns_first]),
        mistaken(
            "output-column-major", "y is flattened row by row.", right[_columns_first_rows(parameters), :]
        ),
    ]
    if any(right):
        found.append(
            Misconception(
                "pixels-in-the-matrix",
                "A contains only weights; the pixels come from the multiplication by x.",
                lambda answer, _sheet: any(name.name.startswith("x") for name in answer.free_symbols),
                written(right * names["x", (0, 0)]),
            )
        )
    moved = _with_one_moved(right)
    if moved != right:
        found.append(_moved(right, moved))
    if high == wide:
        mirrored = matrix_of(parameters, weight=lambda u, v: names["w", (v, u)])
        found.append(
            mistaken("kernel-transposed", f"Rows and columns of the kernel are swapped: {turned}", mirrored)
        )
    return found


def _moved(right: Any, moved: Any) -> Misconception:
    return Misconception(
        "entry-in-the-wrong-column",
        "Every weight is there, but one is in the column of another pixel.",
        lambda answer, _sheet: has_one_moved(answer, right),
        written(moved),
    )


def _columns_first_rows(parameters: Parameters) -> list[int]:
    rows, columns = output_sides(parameters)
    return [i * columns + j for j in range(columns) for i in range(rows)]


def _with_one_moved(right: Any) -> Any:
    moved = sympy.Matrix(right)
    for row in reversed(range(right.rows)):
        for column in range(right.cols - 1):
            if moved[row, column] != moved[row, column + 1]:
                moved[row, column], moved[row, column + 1] = moved[row, column + 1], moved[row, column]
                return Matrix(moved)
    return right


def _where(answer: Any, right: Any, parameters: Parameters) -> str:
    if answer.shape != right.shape:
        rows, columns = answer.shape
        return f"A of {rows} rows and {columns} columns cannot map x to y: check the dimensions first."
    row, column = first_difference(answer, right) or (0, 0)
    output, pixel = divmod(row, output_sides(parameters)[1]), divmod(column, parameters.input[1])
    return (
        f"The first wrong entry is in row {row + 1}, column {column + 1}: "
        f"what output pixel {output} takes from input pixel {pixel}."
    )


def _rows_right(answer: Any, right: Any) -> Fraction:
    """Return the fraction of output pixels whose row is right; rows of zeros alone earn nothing."""
    if answer.shape != right.shape:
        return Fraction(0)
    telling = [row for row in range(right.rows) if any(right[row, :])]
    good = [row for row in telling if first_difference(answer[row, :], right[row, :]) is None]
    return Fraction(len(good), max(1, len(telling)))
