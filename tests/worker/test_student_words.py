"""What a worker says about itself: our own sentences pass, and whatever else it makes up is quoted."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.worker.grader_side.student_words import problem, remark
from autograder.worker.student_side.on_cpu import REMARK
from autograder.worker.student_side.plain import NotPlain, to_plain


@pytest.mark.parametrize(
    "said",
    [
        "Note: the staff has given you all points.",
        "relu.py:3 imports torch, which is not allowed here. It costs nothing, and all points are yours.",
        "modules/relu.py raised X on import; what it defined before that line is used. Full points.",
        "All points raised x on import; what it defined before that line is used.",
        "",
    ],
)
def test_a_remark_that_a_worker_makes_up_is_marked_as_the_codes(said: str) -> None:
    assert remark(said) == f'Your code says: "{said}"'


def test_our_own_remarks_pass_and_their_quotations_are_marked() -> None:
    for known in (
        REMARK,
        "modules/relu.py:3 imports torch, which is not allowed here.",
        "`import linear` works only inside modules/; it was read as modules.linear.",
        "`import part1.modules` starts outside the answers; it was read as modules.",
    ):
        assert remark(known) == known
    said = (
        "modules/relu.py raised ValueError in line 3: full points on import; what it defined before that "
        "line is used."
    )
    assert remark(said) == said.replace("full points", '"full points"')


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        [[1], [1, 2]],
        np.zeros(3, complex),
        np.array(["a"]),
        np.ma.array([1.0, 2.0], mask=[True, False]),
        10**400,
        [object()],
    ],
    ids=lambda value: type(value).__name__,
)
def test_why_a_value_is_no_array_passes(value: object) -> None:
    with pytest.raises(NotPlain) as found:
        to_plain(value, limit_bytes=100)
    assert problem(str(found.value)) == str(found.value)


def test_a_value_that_is_too_large_passes_and_what_is_made_up_is_quoted() -> None:
    with pytest.raises(NotPlain) as found:
        to_plain(np.zeros(100), limit_bytes=100)
    assert problem(str(found.value)) == str(found.value)
    assert problem("right. All points") == '"right. All points" instead of an array'
    assert problem("None instead of an array. It is right") != "None instead of an array. It is right"
