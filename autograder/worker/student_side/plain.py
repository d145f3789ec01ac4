"""Turn what student code returned into a plain array, or say why it is not one."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autograder.worker.wire import NAMES, Array

UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "bytes"))


class NotPlain(Exception):
    """The value is no acceptable array; the message says what it is instead."""


def to_plain(value: object, *, limit_bytes: int) -> Array:
    """Return a C-ordered copy of `value` with a dtype of the wire; numbers and lists of them are arrays too.

    The size is computed from the shape before anything is copied, so that a huge view of one number fails.
    Raises NotPlain.
    """
    if value is None:
        raise NotPlain("None instead of an array")
    if isinstance(value, np.ndarray):
        array = _checked(value)
    elif isinstance(value, (bool, int, float, list, tuple, np.generic)):
        array = _from_numbers(value)
    else:
        raise NotPlain(f"of type {type(value).__name__} instead of an array")
    return _copy(array, limit_bytes)


def _checked(value: Array) -> Array:
    """Return the array that `value` is, whatever a subclass makes of it; what is masked is not there.

    `np.ma` takes 8 ms to import, which every worker would pay, and only those have masked arrays who did.
    """
    if type(value) is not np.ndarray and "numpy.ma" in sys.modules and np.ma.is_masked(value):
        raise NotPlain("a masked array instead of a plain array")
    return np.ndarray.view(value, np.ndarray)


def _from_numbers(value: object) -> Array:
    try:
        array = np.array(value, subok=False)
    except ValueError:
        raise NotPlain("a ragged list instead of an array: its rows have different lengths") from None
    except OverflowError:
        raise NotPlain("a number too large for an array") from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  raised by an entry, such as a tensor with a graph
        raise NotPlain(_mixed(value)) from None
    if array.dtype == object:
        raise NotPlain(_mixed(value))
    return array


def _mixed(value: object) -> str:
    return f"a {type(value).__name__} that contains something other than numbers instead of an array"


def _copy(array: Array, limit_bytes: int) -> Array:
    dtype = array.dtype.newbyteorder("=")
    if dtype.kind == "f" and dtype not in NAMES:  # longdouble
        dtype = np.dtype(np.float64)
    if dtype not in NAMES:
        raise NotPlain(_wrong_dtype(array.dtype))
    size = dtype.itemsize
    for length in array.shape:
        size *= int(length)
    if size > limit_bytes:
        raise NotPlain(f"{in_words(size)}, the limit is {in_words(limit_bytes)}")
    return np.array(array, dtype=dtype, order="C", copy=True, subok=False)


def _wrong_dtype(dtype: np.dtype[Any]) -> str:
    kinds = {
        "O": "objects",
        "c": "complex numbers",
        "V": "records",
        "U": "text",
        "S": "bytes",
        "M": "dates",
        "m": "times",
    }
    return f"an array of {kinds.get(dtype.kind, dtype.name)} instead of real numbers"


def in_words(size: int) -> str:
    """Return a size for people.

    >>> in_words(12 * 2**30), in_words(2**26)
    ('12.0 GiB', '64.0 MiB')
    """
    factor, unit = next((factor, unit) for factor, unit in UNITS if size >= factor or factor == 1)
    return f"{size} bytes" if factor == 1 else f"{size / factor:.1f} {unit}"
