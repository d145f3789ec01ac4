"""A x = vec(conv(W, X)) for every W and X.

Both sides are linear in X, so they agree for every X once they agree for each image that is 1 at one
pixel and 0 elsewhere: column k of A is the convolution of W with the k-th such image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from theory.law import Law, Laws, Misconception, distinct, first_difference, mistaken, value_law, written
from theory.parse import Matrix
from theory.questions.conv_matrix import Parameters, vocabulary

Rows = Sequence[Sequence[Any]]


def output_sides(parameters: Parameters) -> tuple[int, int]:
    """Return (H', W') with H' = (H + 2 padding - K) // stride + 1."""
    rows, columns = (
        (side + 2 * parameters.padding - kernel) // parameters.stride + 1
        for side, kernel in zip(parameters.input, parameters.kernel, strict=True)
    )
    return rows, columns


def convolve(weights: Rows, image: Rows, parameters: Parameters) -> list[Any]:
    """Return the output row by row: y[i, j] = sum over u, v of padded[i*s + u, j*s + v] * w[u, v]."""
    height, width = parameters.input

    def pixel(row: int, column: int) -> Any:
        row, column = row - parameters.padding, column - parameters.padding
        return image[row][column] if 0 <= row < height and 0 <= column < width else 0

    rows, columns = output_sides(parameters)
    stride, (high, wide) = parameters.stride, parameters.kernel
    return [
        sum(weights[u][v] * pixel(i * stride + u, j * stride + v) for u in range(high) for v in range(wide))
        for i in range(rows)
        for j in range(columns)
    ]


def matrix_of(parameters: Parameters, *, weight: Callable[[int, int], Any] | None = None) -> Any:
    """Return the matrix of the convolution with kernel entries `weight(u, v)`, one column a pixel."""
    names, (height, width) = vocabulary(parameters), parameters.input
    chosen = weight or (lambda u, v: names["w", (u, v)])
    weights = [[chosen(u, v) for v in range(parameters.kernel[1])] for u in range(parameters.kernel[0])]
    columns = []
    for k in range(height * width):
        image = [[int(row * width + column == k) for column in range(width)] for row in range(height)]
        columns.append(convolve(weights, image, parameters))
    return Matrix(columns).T


def laws(parameters: Parameters) -> Laws:
    """Return the laws of both blanks."""
    return {"dimensions": _dimensions(parameters), "entries": _entries(parameters)}


def _dimensions(parameters: Parameters) -> Law:
    right = matrix_of(parameters).shape
    (rows, columns), (height, width) = output_sides(parameters), parameters.input
    padded = (height + 2 * parameters.padding) * (width + 2 * parameters.padding)
    all_steps = output_sides(replace(parameters, stride=1))
    return value_law(
        "A has one row for each output pixel and one column for each input pixel.",
        right,
        [
            mistaken("dimensions-transposed", "y = A x: rows belong to y, columns to x.", right[::-1]),
            mistaken(
                "padding-counted-in-x", "x holds no padding, so no column belongs to it.", (right[0], padded)
            ),
            mistaken(
                "output-not-flattened", "y is flattened: one row for each output pixel.", (rows, columns)
            ),
            mistaken(
                "stride-ignored", "Count the steps of the stride.", (all_steps[0] * all_steps[1], right[1])
            ),
        ],
        place="A number is wrong: count the output pixels, and the input pixels without padding.",
    )


def _entries(parameters: Parameters) -> Law:
    right = matrix_of(parameters)
    return Law(
        statement="A x equals the convolution of W and X, row by row, for every W and X.",
        holds=lambda answer, _sheet: answer.shape == right.shape and first_difference(answer, right) is None,
        locate=lambda answer, _sheet: _where(answer, right, parameters),
        misconceptions=distinct(_misconceptions(parameters, right), right),
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
            "padding-kept-in-x", "x holds no padding: drop the columns of the zeros.", matrix_of(padded)
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
                "A holds weights only; the pixels come in by multiplying with x.",
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
            mistaken(
                "kernel-transposed", f"Rows and columns of the kernel changed places: {turned}", mirrored
            )
        )
    return found


def _moved(right: Any, moved: Any) -> Misconception:
    return Misconception(
        "entry-in-the-wrong-column",
        "Every weight is there, but one stands in the column of another pixel.",
        lambda answer, _sheet: _has_one_moved(answer, right),
        written(moved),
    )


def _columns_first_rows(parameters: Parameters) -> list[int]:
    rows, columns = output_sides(parameters)
    return [i * columns + j for j in range(columns) for i in range(rows)]


def _has_one_moved(answer: Any, right: Any) -> bool:
    if answer.shape != right.shape:
        return False
    wrong = [row for row in range(right.rows) if first_difference(answer[row, :], right[row, :])]
    if len(wrong) != 1:
        return False
    got, expected = (list(matrix[wrong[0], :]) for matrix in (answer, right))
    places = [place for place in range(right.cols) if got[place] != expected[place]]
    return len(places) == 2 and sorted(map(str, got)) == sorted(map(str, expected))


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
