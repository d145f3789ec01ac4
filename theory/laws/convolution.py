"""A convolution, and the matrix that it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from theory.law import first_difference
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


def has_one_moved(answer: Any, right: Any) -> bool:
    """Tell whether one row differs, and only by where its entries stand."""
    if answer.shape != right.shape:
        return False
    wrong = [row for row in range(right.rows) if first_difference(answer[row, :], right[row, :])]
    if len(wrong) != 1:
        return False
    got, expected = (list(matrix[wrong[0], :]) for matrix in (answer, right))
    places = [place for place in range(right.cols) if got[place] != expected[place]]
    return len(places) == 2 and sorted(map(str, got)) == sorted(map(str, expected))
