"""Replies on disk: one `.npz` file without pickle, quick to load, each different array kept once.

The file holds an array `index` (JSON as bytes) and one flat array a dtype, into which the index points.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.core.errors import HarnessError
from autograder.core.model import Array, Ending, Reply, StudentError

FORMAT = 1
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


def write_replies(path: Path, replies: Mapping[str, Reply], facts: Mapping[str, Any]) -> None:
    """Write `replies` and JSON-able `facts` to `path`, all at once or not at all.

    Times and printed text are left out.

    Raises: HarnessError where the file cannot be written.
    """
    packed = _Packer()
    entries = {name: _entry(reply, packed) for name, reply in replies.items()}
    index = {"format": FORMAT, "facts": dict(facts), "arrays": packed.index, "replies": entries}
    text = np.frombuffer(json.dumps(index, sort_keys=True).encode(), dtype=np.uint8)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # its size is nobody's business
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, index=text, **packed.columns())
        os.replace(file.name, path)
    except OSError as error:
        raise HarnessError(f"{path}: the answer key cannot be written: {error.strerror}.") from error


def read_replies(path: Path) -> tuple[dict[str, Reply], dict[str, Any]]:
    """Return the replies and the facts that `write_replies` wrote.

    Raises: HarnessError where the file is missing, damaged, or of another format.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            columns = {name: archive[name] for name in archive.files}
        index = json.loads(columns.pop("index").tobytes())
        if index["format"] != FORMAT:
            raise ValueError(f"format {index['format']}, expected {FORMAT}")
        arrays = [_unpack(columns[dtype], shape, offset) for dtype, shape, offset in index["arrays"]]
        replies = {name: _reply(entry, arrays) for name, entry in index["replies"].items()}
        return replies, index["facts"]
    except (*DAMAGED, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise HarnessError(
            f"{path}: this is no answer key that can be read ({error}); "
            "delete it and run `python -m autograder key` where the solutions are."
        ) from error


class _Packer:
    """Lay arrays end to end, by dtype, each content once."""

    def __init__(self) -> None:
        self.index: list[tuple[str, list[int], int]] = []
        self._pieces: dict[str, list[Array]] = {}
        self._lengths: dict[str, int] = {}
        self._known: dict[str, int] = {}

    def add(self, array: Array) -> int:
        """Return the place of `array` in the index."""
        flat = np.ascontiguousarray(array).reshape(-1)
        dtype = array.dtype.name
        name = hashlib.sha256(f"{dtype}{array.shape}".encode() + flat.tobytes()).hexdigest()
        if name not in self._known:
            self._known[name] = len(self.index)
            offset = self._lengths.get(dtype, 0)
            self.index.append((dtype, list(array.shape), offset))
            self._pieces.setdefault(dtype, []).append(flat)
            self._lengths[dtype] = offset + flat.size
        return self._known[name]

    def columns(self) -> dict[str, Any]:
        """Return one flat array a dtype."""
        return {dtype: np.concatenate(pieces) for dtype, pieces in self._pieces.items()}


def _unpack(column: Array, shape: list[int], offset: int) -> Array:
    array = column[offset : offset + math.prod(shape)].reshape(shape)
    array.flags.writeable = False
    return array


def _entry(reply: Reply, packed: _Packer) -> dict[str, Any]:
    error = reply.error
    return {
        "ending": reply.ending.value,
        "arrays": {name: packed.add(array) for name, array in reply.arrays.items()},
        "problems": dict(reply.problems),
        "error": None if error is None else [error.type, error.message, error.file, error.line, error.code],
        "reason": reply.reason,
    }


def _reply(entry: Mapping[str, Any], arrays: list[Array]) -> Reply:
    return Reply(
        ending=Ending(entry["ending"]),
        arrays={name: arrays[place] for name, place in entry["arrays"].items()},
        problems=entry["problems"],
        error=None if entry["error"] is None else StudentError(*entry["error"]),
        reason=entry["reason"],
    )


def without_source(path: Path) -> bytes:
    """Return the file at `path` without the lines of our own code that mutants stumbled over."""
    replies, facts = read_replies(path)
    bare = {
        name: replace(reply, error=replace(reply.error, code="")) if reply.error else reply
        for name, reply in replies.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        write_replies(copy, bare, facts)
        return copy.read_bytes()
