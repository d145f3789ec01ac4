"""Replies on disk: one `.npz` file without pickle, quick to load, each different array kept once.

The file holds an array `index` (JSON as bytes), one flat array a dtype, into which the index points, and what
others lay beside them. A
reply is decoded when it is asked for: a submission meets one case set, and the file holds all of them.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder.core.errors import HarnessError
from autograder.core.model import Array, Ending, Reply, StudentError

FORMAT = 2
TABLE = "table_"  # begins the names of further arrays
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


def write_replies(
    path: Path,
    replies: Mapping[str, Reply],
    facts: Mapping[str, Any],
    tables: Mapping[str, Array] | None = None,
) -> None:
    """Write `replies`, JSON-able `facts` and further arrays to `path`, all at once or not at all.

    Times and printed text are left out.

    Raises: HarnessError if the file cannot be written.
    """
    packed = _Packer()
    entries = {name: _entry(reply, packed) for name, reply in replies.items()}
    index = {"format": FORMAT, "facts": dict(facts), "arrays": packed.index, "replies": entries}
    named: dict[str, Any] = {f"{TABLE}{name}": table for name, table in (tables or {}).items()}
    text = np.frombuffer(json.dumps(index, sort_keys=True).encode(), dtype=np.uint8)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # its size is nobody's business
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, index=text, **{**packed.columns(), **named})
        os.replace(file.name, path)
    except OSError as error:
        raise HarnessError(f"{path}: the answer key cannot be written: {error.strerror}.") from error


class _Index(msgspec.Struct):
    format: int
    facts: dict[str, Any]
    arrays: list[tuple[str, list[int], int]]  # dtype, shape, offset
    replies: dict[str, msgspec.Raw]


def read_replies(path: Path) -> tuple[Mapping[str, Reply], dict[str, Any], dict[str, Array]]:
    """Return the replies, the facts and the further arrays that `write_replies` wrote.

    Raises: HarnessError if the file is missing, damaged, or of another format.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            columns = {name: archive[name] for name in archive.files}
        index = msgspec.json.decode(columns.pop("index").tobytes(), type=_Index)
        if index.format != FORMAT:
            raise ValueError(f"format {index.format}, expected {FORMAT}")
        tables = {
            name.removeprefix(TABLE): columns.pop(name) for name in list(columns) if name.startswith(TABLE)
        }
        return _Replies(index, columns), index.facts, tables
    except (*DAMAGED, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise HarnessError(
            f"{path}: this answer key cannot be read ({error}); delete it and run `python -m autograder "
            "key` where the solutions are."
        ) from error


class _Replies(Mapping[str, Reply]):
    """The replies of a file by their names, each decoded at its first use."""

    def __init__(self, index: _Index, columns: Mapping[str, Array]) -> None:
        self._index, self._columns = index, columns
        self._decoded: dict[str, Reply] = {}

    def __getitem__(self, name: str) -> Reply:
        if name not in self._decoded:
            self._decoded[name] = self._decode(msgspec.json.decode(self._index.replies[name]))
        return self._decoded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._index.replies

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.replies)

    def __len__(self) -> int:
        return len(self._index.replies)

    def _decode(self, entry: Mapping[str, Any]) -> Reply:
        return Reply(
            ending=Ending(entry["ending"]),
            arrays={name: self._array(place) for name, place in entry["arrays"].items()},
            problems=entry["problems"],
            error=None if entry["error"] is None else StudentError(*entry["error"]),
            reason=entry["reason"],
        )

    def _array(self, place: int) -> Array:
        dtype, shape, offset = self._index.arrays[place]
        array = self._columns[dtype][offset : offset + math.prod(shape)].reshape(shape)
        array.flags.writeable = False
        return array


class OneOfAll(Mapping[str, Reply]):
    """The replies of one set of answers by case key, out of those that are known as `<content>/<case key>`.

    Raises: KeyError if one of `keys` is not known.
    """

    def __init__(self, known: Mapping[str, Reply], content: str, keys: Sequence[str]) -> None:
        self._known = known
        self._names = {key: f"{content}/{key}" for key in keys}
        for name in self._names.values():
            if name not in known:
                raise KeyError(name)

    def __getitem__(self, key: str) -> Reply:
        return self._known[self._names[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


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


def _entry(reply: Reply, packed: _Packer) -> dict[str, Any]:
    error = reply.error
    return {
        "ending": reply.ending.value,
        "arrays": {name: packed.add(array) for name, array in reply.arrays.items()},
        "problems": dict(reply.problems),
        "error": None if error is None else [error.type, error.message, error.file, error.line, error.code],
        "reason": reply.reason,
    }


def without_source(path: Path) -> bytes:
    """Return the file at `path` without the lines of our own code that mutants stumbled over."""
    replies, facts, tables = read_replies(path)
    bare = {
        name: replace(reply, error=replace(reply.error, code="")) if reply.error else reply
        for name, reply in replies.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        write_replies(copy, bare, facts, tables)
        return copy.read_bytes()
