from __future__ import annotations

import collections
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from autograder.worker.student_side.plain import NotPlain, to_plain

LIMIT = 2**20
Record = collections.namedtuple("Record", "a b")


class Duck:
    shape, dtype = (2,), np.dtype(float)

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return np.zeros(2)


class Stubborn(Duck):
    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        raise RuntimeError("a tensor with a graph is no array")


class Liar(np.ndarray):
    @property
    def shape(self) -> Any:
        return (10**9,)

    def __array_finalize__(self, other: object) -> None:
        pass


def read_only(numbers: list[float]) -> np.ndarray:
    array = np.array(numbers)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.arange(6).reshape(2, 3)[:, ::-1], [[2, 1, 0], [5, 4, 3]]),
        (np.asfortranarray([[1.0, 2.0]]), [[1.0, 2.0]]),
        (np.array([1.0, 2.0], dtype=">f8"), [1.0, 2.0]),
        (np.array([1.5], dtype=np.longdouble), [1.5]),
        (np.float32(2.5), 2.5),
        (True, True),
        (7, 7),
        (2.5, 2.5),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ((1.0, 2.0), [1.0, 2.0]),
        ([np.ones(2), np.zeros(2)], [[1, 1], [0, 0]]),
        (Record(1, 2), [1, 2]),
        ([], []),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.broadcast_to(3.0, (2, 2)), [[3.0, 3.0], [3.0, 3.0]]),
        (np.array([1.0, 2.0]).view(Liar), [1.0, 2.0]),
        (np.array([1.0, 2.0]).view(np.matrix), [[1.0, 2.0]]),
        (np.ma.masked_array([1.0, 2.0], mask=[False, False]), [1.0, 2.0]),
        (read_only([1.0, 2.0]), [1.0, 2.0]),
    ],
)
def test_numbers_in_any_form_become_plain_arrays(value: object, expected: object) -> None:
    array = to_plain(value, limit_bytes=LIMIT)
    np.testing.assert_array_equal(array, expected)
    assert type(array) is np.ndarray
    assert array.flags.c_contiguous and array.dtype.isnative and array.flags.owndata


def test_values_that_are_not_finite_pass_for_they_are_judged_by_the_grader() -> None:
    array = to_plain([np.nan, np.inf], limit_bytes=LIMIT)
    assert np.isnan(array[0]) and np.isinf(array[1])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "None instead of an array"),
        ([[1, 2], [3]], "a ragged list instead of an array: its rows have different lengths"),
        ([None, 1], "a list that contains something other than numbers instead of an array"),
        ([10**30], "a list that contains something other than numbers instead of an array"),
        ((1.0, Stubborn()), "a tuple that contains something other than numbers instead of an array"),
        (["a"], "an array of text instead of real numbers"),
        (np.array([None]), "an array of objects instead of real numbers"),
        (np.array([1j]), "an array of complex numbers instead of real numbers"),
        (1j, "of type complex instead of an array"),
        (np.array(["a"]), "an array of text instead of real numbers"),
        (np.zeros(2, dtype=[("a", float)]), "an array of records instead of real numbers"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "an array of dates instead of real numbers"),
        (np.ma.masked_array([1.0], mask=[True]), "a masked array instead of a plain array"),
        (np.recarray((2,), dtype=[("a", float)]), "an array of records instead of real numbers"),
        (Duck(), "of type Duck instead of an array"),
        ("1.0", "of type str instead of an array"),
        ({"a": 1}, "of type dict instead of an array"),
        (iter([1.0]), "of type list_iterator instead of an array"),
        (lambda: 1.0, "of type function instead of an array"),
        (np.zeros(2**17 + 1), "1.0 MiB, the limit is 1.0 MiB"),
        (np.broadcast_to(1.0, (2**20, 2**20)), "8192.0 GiB, the limit is 1.0 MiB"),
    ],
)
def test_anything_else_is_refused_with_the_reason(value: object, message: str) -> None:
    with pytest.raises(NotPlain) as caught:
        to_plain(value, limit_bytes=LIMIT)
    assert str(caught.value) == message


@pytest.mark.parametrize("lazy", ["lie", "raise"])
def test_a_list_of_objects_with_hooks_is_data_or_refused(lazy: str) -> None:
    class Hook:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            if lazy == "raise":
                raise ValueError("no")
            return np.array(["a"])

    with pytest.raises(NotPlain):
        to_plain([Hook()], limit_bytes=LIMIT)


def test_nothing_is_imported_for_arrays_that_nobody_masked() -> None:
    """`numpy.ma` takes 8 ms, and every worker would have to import it."""
    code = (
        "import sys, numpy as np; from autograder.worker.student_side.plain import to_plain;"
        "to_plain(np.ones(3), limit_bytes=99); to_plain(np.ones(3).view(np.recarray), limit_bytes=99);"
        "sys.exit('numpy.ma' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
