"""A report carries little text that student code chose, and places are those of the submission."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.core.compare import difference
from autograder.core.model import Ending, Printed, Reply, StudentError
from autograder.grading.student_text import ALLOWANCE, StudentText

CODE = "import numpy as np\n\n\nclass ReLU:\n    pass\n"


@pytest.fixture
def text(tmp_path: Path) -> StudentText:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "relu.py").write_text(CODE)
    return StudentText(tmp_path)


def raised(message: str, kind: str = "ValueError", file: str = "modules/relu.py", line: int = 4) -> Reply:
    return Reply(Ending.RAISED, error=StudentError(kind, message, file, line, "whatever the worker says"))


def test_an_honest_message_is_carried_whole_as_often_as_it_comes(text: StudentText) -> None:
    message = "operands could not be broadcast together with shapes (2,3,5,7) (4,)"
    for _ in range(20):
        error = text.limited(raised(message)).error
        assert error == StudentError("ValueError", message, "modules/relu.py", 4, "class ReLU:")


def test_a_spy_gets_no_more_than_the_allowance_through_all_its_exceptions(text: StudentText) -> None:
    secrets = [f"{number:03d}" + "x" * 97 for number in range(40)]
    errors = [text.limited(raised(one, kind=f"E{one}")).error for one in secrets]
    carried = "".join(error.message + error.type for error in errors if error).replace("…", "")
    assert len(carried) == ALLOWANCE
    assert errors[-1] and (errors[-1].message, errors[-1].type) == ("…", "…")


def test_problems_of_arrays_count_too(text: StudentText) -> None:
    reply = Reply(Ending.ANSWERED, problems={f"dx_{n}": f"{n:02d}" + "y" * 48 for n in range(20)})
    assert sum(len(said.strip("…")) for said in text.limited(reply).problems.values()) == ALLOWANCE


def test_names_of_python_s_own_exceptions_cost_nothing(text: StudentText) -> None:
    for kind in ("ValueError", "IndexError", "KeyError"):
        error = text.limited(raised("m" * ALLOWANCE, kind)).error
        assert error and (error.type, error.message) == (kind, "m" * ALLOWANCE)


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        ("modules/relu.py", 10**6, ("modules/relu.py", 0)),
        ("secret: 0.123, 0.456", 3, ("", 0)),
        ("../outside.py", 1, ("", 0)),
    ],
)
def test_a_place_that_the_submission_has_not_is_left_out(
    text: StudentText, file: str, line: int, place: tuple[str, int]
) -> None:
    error = text.limited(raised("no", file=file, line=line)).error
    assert error and (error.file, error.line) == place and error.code == ""


def test_of_prints_one_line_is_kept(text: StudentText) -> None:
    found = text.printed(Printed("\n" + "a" * 200 + "\nmore", "modules/relu.py", 5))
    assert found == Printed("a" * 80, "modules/relu.py", 5)


def test_a_shape_that_no_honest_array_has_is_not_spelt_out() -> None:
    import numpy as np

    found = difference(np.zeros((2, 3)), np.zeros((0, 123456789)))
    assert found and "123456789" not in found.describe() and "an axis of 10000" in found.describe()
