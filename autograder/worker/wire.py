"""Frames over a socket, used on both sides of the sandbox: a length, a JSON header, raw bytes.

    frame   = length of the header (4 bytes, big-endian) + header + payload
    header  = JSON object of at most 64 KiB; its entry "arrays" lists [name, dtype, shape]
    payload = the arrays in that order, C order, each starting at a multiple of 16 bytes

Nothing here is executed or unpickled. Every number of a header is checked, and the payload's size is computed
in Python integers, before a byte of the payload is kept.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]  # as npt.NDArray[Any]; numpy.typing takes time to import
HEADER_BYTES = 64 * 1024
WIDEST = "float64"  # what all arrays are computed in
ARRAYS = 1024  # arrays a frame
AXES = 32
ALIGNMENT = 16
DTYPES = frozenset(
    ["bool"] + [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
    + ["float16", "float32", "float64"]
)  # fmt: skip
NAMES = {np.dtype(name): name for name in DTYPES}
ITEM_BYTES = {name: int(np.dtype(name).itemsize) for name in DTYPES}
PADDING = bytes(ALIGNMENT)
JOINED = 64 * 1024  # bytes; below it, copying costs less than a system call a piece


class WireError(Exception):
    """A frame that breaks the rules above; the other side is not to be trusted with another one."""


class TooLarge(WireError):
    """A frame whose payload is beyond the limit."""


class Frame(NamedTuple):
    """One message: a JSON object (without its "arrays") and arrays by name, read-only unless asked for."""

    header: Mapping[str, Any]
    arrays: Mapping[str, Array]


def encode(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> list[memoryview]:
    """Return the pieces of one frame: one for a small frame, else without copies of C-ordered arrays.

    Raises WireError if the header is beyond 64 KiB, or a dtype is not one of DTYPES.
    """
    listing: list[tuple[str, str, list[int]]] = []
    pieces: list[memoryview] = []
    size = 0
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array)
        dtype = NAMES.get(plain.dtype)
        if dtype is None:
            raise WireError(f"array {name!r}: expected one of {sorted(DTYPES)}, got {plain.dtype}")
        listing.append((name, dtype, list(array.shape)))
        if plain.size:
            pieces.append(memoryview(plain.reshape(-1)).cast("B"))
            if padding := -plain.nbytes % ALIGNMENT:
                pieces.append(memoryview(PADDING)[:padding])
            size += plain.nbytes + padding
    text = json.dumps({**header, "arrays": listing}).encode()
    if len(text) > HEADER_BYTES:
        raise WireError(f"a header of {len(text)} bytes; the limit is {HEADER_BYTES}")
    pieces.insert(0, memoryview(struct.pack(">I", len(text)) + text))
    return pieces if size + len(text) > JOINED else [memoryview(b"".join(pieces))]


class Inbox:
    """Take one frame after another off a socket, a piece at a time: read into `room()`, then say `got(n)`.

    Args:   limit_bytes  the largest payload;
            writable     whether the arrays of a frame may be written to: they share one piece of memory.
    Raises: WireError from `got`, as soon as a frame is known to break the rules.
    """

    def __init__(self, limit_bytes: int, *, writable: bool = False) -> None:
        self._limit, self._writable = limit_bytes, writable
        self._header: dict[str, Any] = {}
        self._sizes: list[int] = []
        self._stage, self._filled = "length", 0
        self._buffer = bytearray(4)

    def room(self) -> memoryview:
        """Return where the next bytes of the current frame belong; never empty."""
        return memoryview(self._buffer)[self._filled :]

    def got(self, count: int) -> Frame | None:
        """Count `count` bytes in, and return the frame where they complete one."""
        self._filled += count
        while self._filled == len(self._buffer):
            if self._stage == "length":
                (length,) = struct.unpack(">I", self._buffer)
                if not 2 <= length <= HEADER_BYTES:
                    raise WireError(f"a header of {length} bytes; the limit is {HEADER_BYTES}")
                self._next("header", length)
            elif self._stage == "header":
                self._header = _parse(bytes(self._buffer))
                self._sizes = _sizes(self._header["arrays"], self._limit)
                self._next("payload", sum(map(_padded, self._sizes)))
            else:
                return self._complete()
        return None

    def _next(self, stage: str, size: int) -> None:
        self._stage, self._filled, self._buffer = stage, 0, bytearray(size)

    def _complete(self) -> Frame:
        header, payload = self._header, memoryview(self._buffer)
        payload = payload if self._writable else payload.toreadonly()
        listing = header.pop("arrays")
        self._next("length", 4)
        return Frame(header, _unpack(listing, self._sizes, payload))


def _parse(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a header that is not JSON: {type(error).__name__}") from None
    if not isinstance(header, dict) or not isinstance(header.get("arrays"), list):
        raise WireError("a header that is not a JSON object with a list of arrays")
    return header


def _sizes(listing: list[Any], limit: int) -> list[int]:
    """Return the bytes of each array that `listing` promises; raise before anything is allocated."""
    if len(listing) > ARRAYS:
        raise WireError(f"{len(listing)} arrays; the limit is {ARRAYS}")
    sizes, total, names = [], 0, set()
    for entry in listing:
        if type(entry) is not list or len(entry) != 3 or not _is_description(*entry):
            raise WireError("a description of an array that is not [name, dtype, shape]")
        name, dtype, shape = entry
        size = ITEM_BYTES[dtype] * math.prod(shape)  # in integers without bound
        total += _padded(size)
        if total > limit:
            raise TooLarge(f"arrays of {total} bytes; the limit is {limit}")
        sizes.append(size)
        names.add(name)
    if len(names) != len(listing):
        raise WireError("two arrays of one name")
    return sizes


def _is_description(name: Any, dtype: Any, shape: Any) -> bool:
    if type(name) is not str or not 0 < len(name) <= 200 or type(dtype) is not str or dtype not in DTYPES:
        return False
    return type(shape) is list and len(shape) <= AXES and all(map(_is_length, shape))


def _is_length(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**48  # and no bool


def _padded(size: int) -> int:
    return size + -size % ALIGNMENT


def _unpack(listing: list[Any], sizes: list[int], payload: memoryview) -> dict[str, Array]:
    arrays, start = {}, 0
    for (name, dtype, shape), size in zip(listing, sizes, strict=True):
        arrays[name] = _array(payload[start : start + size], dtype, shape)
        start += _padded(size)
    return arrays


def _array(content: memoryview, dtype: str, shape: list[int]) -> Array:
    try:
        if not content:
            np.empty(shape, dtype=WIDEST)  # no bytes either, but room to compute
            empty: Array = np.zeros(shape, dtype=dtype)
            empty.flags.writeable = False
            return empty
        array: Array = _as_bools(np.frombuffer(content, dtype=dtype)).reshape(shape)
        return array
    except ValueError as error:  # such as (0, 2**47, 2**47): no bytes, and yet too big for NumPy
        raise WireError(f"a shape that NumPy refuses: {error}") from None


def _as_bools(flat: Array) -> Array:
    """Make any byte but 0 and 1 a proper True: NumPy takes the bytes of a bool array on trust."""
    if flat.dtype != np.bool_:
        return flat
    proper: Array = flat.view(np.uint8) != 0
    proper.flags.writeable = False
    return proper
