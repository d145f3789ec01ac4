from __future__ import annotations

from collections.abc import Callable

import pytest

from theory.check import AnswerResult


@pytest.mark.parametrize(
    ("id", "text"),
    [("conv_matrix.dimensions", "36"), ("conv_matrix.dimensions", "4x9x1"), ("output_sizes.image_1",
     "511x383"),
     ("operation_counts.conv_output", "720"), ("operation_counts.conv_output", "6 x 6")],
)  # fmt: skip
def test_a_size_with_another_number_of_axes_is_a_fault_of_form(
    check: Callable[..., AnswerResult], id: str, text: str
) -> None:
    result = check(id, text)
    assert (result.status, result.points) == ("form", 0.0)
    assert "expected" in result.message
