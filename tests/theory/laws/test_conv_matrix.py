from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from theory.check import AnswerResult, check_answers
from theory.laws.conv_matrix import laws, matrix_of, output_sides
from theory.questions import conv_matrix, exercise
from theory.questions.conv_matrix import Parameters, vocabulary

Check = Callable[..., AnswerResult]
ZEROS = "0, 0, 0, 0, 0, 0, 0, 0"
LATEX = r"""\begin{bmatrix}
w_{(2,2)} & 0 & 0 & 0 & 0 & 0 & 0 & 0 & 0 \\ 0 & 0 & w_{(2,0)} & 0 & 0 & 0 & 0 & 0 & 0 \\
0 & 0 & 0 & 0 & 0 & 0 & w_{(0,2)} & 0 & 0 \\ 0 & 0 & 0 & 0 & 0 & 0 & 0 & 0 & w_{(0,0)} \end{bmatrix}"""
ROWS = "w22 0 0 0 0 0 0 0 0\n0 0 w20 0 0 0 0 0 0\n0 0 0 0 0 0 w02 0 0\n0 0 0 0 0 0 0 0 w00"


@pytest.mark.parametrize(
    "text", ["4x9", "4 x 9", "4×9", "(4, 9)", "4,9", "4 by 9", r"$4 \times 9$", "4*9", "4 9", "4X9"]
)
def test_every_spelling_of_the_dimensions_is_right(check: Check, text: str) -> None:
    assert check("conv_matrix.dimensions", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [("9x4", "dimensions-transposed"), ("4x49", "padding-counted-in-x"), ("2x2", "output-not-flattened"),
     ("25x9", "stride-ignored"), ("9x9", "one-place-too-many"), ("4x4", "output-for-input"), ("5x9", ""),
     ("3x3", "input-not-flattened")],
)  # fmt: skip
def test_wrong_dimensions_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("conv_matrix.dimensions", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    "text",
    [
        LATEX,
        f"A = {LATEX}",
        LATEX.replace("bmatrix", "pmatrix"),
        ROWS,
        ROWS.replace(" ", ", "),
        ROWS.replace("\n", "; "),
        f"[{ROWS.replace(chr(10), '; ')}]",
        "[[" + ROWS.replace("\n", "],[").replace(" ", ",") + "]]",
        "[[" + ROWS.replace("\n", "]\n [") + "]]",
        ROWS.replace("w22", "w[2,2]").replace("w20", "w_{2,0}"),
        ROWS.replace("w22", "(w22+w22)/2").replace("w00", "2w00-w00"),
        f"-[{ROWS.replace(chr(10), '; ').replace('w', '-w')}]",
        LATEX.replace("bmatrix", "matrix").replace(r"\begin", r"\left. \begin"[6:]),
    ],
)  # fmt: skip
def test_every_equivalent_matrix_is_right(check: Check, text: str) -> None:
    result = check("conv_matrix.entries", text)
    assert (result.status, result.points) == ("right", result.max_points)


@pytest.mark.parametrize(
    ("text", "misconception", "rows_right"),
    [
        (ROWS.replace("0 0 0 0 0 0 0 0 w00", "0 0 0 0 0 0 0 w00 0"), "entry-in-the-wrong-column", 3),
        (ROWS.replace("w22 0 0", "0 w22 0"), "entry-in-the-wrong-column", 3),
        (
            "w00 0 0 0 0 0 0 0 0\n0 0 w02 0 0 0 0 0 0\n0 0 0 0 0 0 w20 0 0\n0 0 0 0 0 0 0 0 w22",
            "kernel-flipped",
            0,
        ),
        (f"[[{ROWS.replace(chr(10), '],[').replace(' ', ',')}]]^T", "transposed", 0),
        (ROWS.replace("w20", "t").replace("w02", "w20").replace("t", "w02"), "kernel-transposed", 2),
        (
            ROWS.replace("w22", "w22 x00").replace(" ", ",").replace("w22,x00", "w22 x00"),
            "pixels-in-the-matrix",
            3,
        ),
        (ROWS.replace("w22", "-w22"), "sign-of-one-entry", 3),
        (ROWS.replace("w22", "2w22"), "factor-in-one-entry", 3),
        (ROWS.replace("w22", "w21"), "another-weight", 3),
        (ROWS.replace("w22", "0"), "one-weight-missing", 3),
        (ROWS.replace("w22 0", "w22 w11"), "one-weight-too-many", 3),
        (ROWS.replace("w22", "w22^2"), "square-of-a-weight", 3),
        (ROWS.replace("w22", "1"), "number-for-a-weight", 3),
        ("\n".join(ROWS.split("\n")[:3]), "", 0),
        ("\n".join(["0 0 0 0 0 0 0 0 0"] * 4), "", 0),
    ],
)
def test_wrong_matrices_are_told_apart(check: Check, text: str, misconception: str, rows_right: int) -> None:
    result = check("conv_matrix.entries", text)
    assert (result.status, result.misconception) == ("wrong", misconception)
    assert result.points == pytest.approx(result.max_points * rows_right / 4)


def test_the_slip_of_a_weight_one_column_to_the_left_is_found_and_named(check: Check) -> None:
    slipped = LATEX.replace(r"0 & w_{(0,0)} \end", r"w_{(0,0)} & 0 \end")
    result = check("conv_matrix.entries", slipped)
    assert result.misconception == "entry-in-the-wrong-column"
    assert "row 4, column 8" in result.message
    assert "w00" not in result.message + result.hint


def test_an_entry_that_divides_by_zero_in_disguise_is_wrong(check: Check) -> None:
    hidden = ROWS.replace("w22", "w22/((w00+1)^2-w00^2-2w00-1)").replace(" ", ",")
    result = check("conv_matrix.entries", hidden)
    assert result.status == "wrong" and "divides by zero" in result.message


@st.composite
def convolutions(draw: st.DrawFn) -> Parameters:
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 4)))
    padding = draw(st.integers(0, 2))
    sides = tuple(draw(st.integers(max(1, side - 2 * padding), 4)) for side in kernel)
    return Parameters(
        kernel=kernel, input=(sides[0], sides[1]), stride=draw(st.integers(1, 4)), padding=padding
    )


@given(convolutions(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_the_law_agrees_with_torch(parameters: Parameters, seed: int) -> None:
    random, names = np.random.default_rng(seed), vocabulary(parameters)
    kernel, image = (random.integers(-9, 10, size=size) for size in (parameters.kernel, parameters.input))
    weights = {names["w", (u, v)]: int(kernel[u, v]) for u, v in np.ndindex(*kernel.shape)}
    matrix = np.array(matrix_of(parameters).subs(weights).tolist(), dtype=float)
    expected = torch.nn.functional.conv2d(
        torch.tensor(image, dtype=torch.float64)[None, None],
        torch.tensor(kernel, dtype=torch.float64)[None, None],
        stride=parameters.stride,
        padding=parameters.padding,
    )
    assert output_sides(parameters) == expected.shape[2:]
    np.testing.assert_allclose(matrix @ image.ravel(), expected.numpy().ravel())


@given(convolutions())
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
def test_any_convolution_has_its_matrix_and_its_misconceptions(parameters: Parameters) -> None:
    entry = exercise(conv_matrix, vars(parameters))
    for blank, law in laws(parameters).items():
        for misconception in law.misconceptions:
            id = f"conv_matrix.{blank}"
            results = {result.id: result for result in check_answers({id: misconception.example}, [entry])}
            assert results[id].status == "wrong"
    text = str(matrix_of(parameters).tolist())
    assert check_answers({"conv_matrix.entries": text}, [entry])[1].status == "right"
