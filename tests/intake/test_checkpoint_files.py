"""Checkpoints as they come in: what is looked through before any worker sees it."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.core.manifest import Intake, Part
from autograder.intake.archive import read_tree
from autograder.intake.checkpoint_files import CheckpointFile, problem_of, read_checkpoints
from autograder.intake.entries import entries_of
from tests.core.test_weights import part_with

INTAKE = Intake(members=50, file_mib=1, total_mib=50)
STATE = {"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.zeros(2)}


def saved(thing: object, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(thing, buffer, **settings)
    return buffer.getvalue()


def repacked(content: bytes, *, method: int = zipfile.ZIP_STORED, **extra: bytes) -> bytes:
    """Pack a checkpoint again, with some members replaced or added ("data_pkl" is archive/data.pkl)."""
    changed = {f"archive/{name.replace('_', '.')}": value for name, value in extra.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for name in dict.fromkeys([*old.namelist(), *changed]):
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return buffer.getvalue()


def read(path: Path, part: Part, *, prefix: str = "") -> dict[str, CheckpointFile]:
    with entries_of(path, INTAKE) as entries:
        tree = read_tree(
            entries, source=path.name, intake=INTAKE, matters=lambda name: True, choose=lambda names: ()
        )
        return read_checkpoints(tree.entries, part=part, prefix=prefix, intake=INTAKE)


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("run",)


@pytest.mark.parametrize(
    "thing",
    [
        STATE,
        {"milestones": Counter([3]), "model": STATE},
        torch.nn.BatchNorm2d(3).state_dict(),
        {"epoch": 3, "best": np.float64(0.5), "state_dict": STATE},
        {name: entry.half() for name, entry in STATE.items()},
        {"weight": torch.nn.Parameter(torch.zeros(2))},
    ],
    ids=["tensors", "a scheduler's", "state_dict", "nested", "float16", "parameters"],
)
def test_an_honest_checkpoint_is_let_through(thing: object) -> None:
    assert problem_of(saved(thing)) == ""


def test_the_old_format_is_let_through_too() -> None:
    assert problem_of(saved(STATE, _use_new_zipfile_serialization=False)) == ""


def claiming_gigabytes() -> bytes:
    content = bytearray(saved(STATE))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 3 * 2**30)  # the size of the last member
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "is empty"),
        (lambda: b"hello", "is not a torch checkpoint"),
        (lambda: b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (lambda: saved({"w": Evil()}, _use_new_zipfile_serialization=False), "refers to code (__builtin__"),
        (lambda: saved(STATE, _use_new_zipfile_serialization=False)[:200], "damaged or truncated"),
        (lambda: pickle.dumps(Evil()), "a pickle that torch did not write"),
        (lambda: bytes([72, *bytes(7)]) + b'{"weight":{}}', "a safetensors file"),
        (lambda: saved(STATE)[:-30], "damaged or truncated"),
        (lambda: saved(torch.nn.Linear(2, 2)), "contains a whole model (torch.nn.modules.linear.Linear"),
        (lambda: saved({"weight": Evil()}), "refers to code (__builtin__.print"),
        (lambda: repacked(saved(STATE), data_pkl=pickle.dumps(Evil(), 4)), "names classes as only newer"),
        (lambda: repacked(saved(STATE), data_pkl=b"\x80\x02" + b"N0" * 500_000 + b"N."), "more than 400,000"),
        (lambda: repacked(saved(STATE), evil_py=b"x"), "holds archive/evil.py"),
        (lambda: repacked(saved(STATE), method=zipfile.ZIP_DEFLATED), "is packed or encrypted inside"),
        (claiming_gigabytes, "claims to contain more bytes than it has"),
        (lambda: repacked(saved(STATE), data_pkl=b"\x80\x02" + b"N" * (5 * 2**20)), "a data.pkl of more"),
    ],
    ids=[
        "empty", "text", "lfs", "old format with code", "old format, cut", "pickle", "safetensors",
        "truncated", "a model", "code", "code, protocol 4", "many steps", "odd member", "a bomb",
        "3 GB in the header", "a long pickle",
    ],
)  # fmt: skip
def test_what_is_no_state_dict_is_refused_and_never_run(
    content: Callable[[], bytes], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in problem_of(content())
    assert capsys.readouterr().out == ""


def test_overlapping_members_are_refused() -> None:
    content = bytearray(saved({"a": torch.zeros(100_000), "b": torch.ones(2)}))
    directory = [place for place in range(len(content)) if content[place : place + 4] == b"PK\x01\x02"]
    large = next(place for place in directory if struct.unpack_from("<I", content, place + 24)[0] == 400_000)
    for place in directory:  # every member is as large as the largest, and lies where that one lies
        content[place + 16 : place + 28] = content[large + 16 : large + 28]
        content[place + 42 : place + 46] = content[large + 42 : large + 46]
    assert "claims to contain more bytes" in problem_of(bytes(content))


def test_one_checkpoint_that_is_too_large_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("answers/checkpoints/MINE.pth", bytes(2 * 2**20))
    found = read(path, part_with(), prefix="answers/")
    assert list(found) == ["checkpoints/mine.pth"]
    assert "more than the 1 MiB that a checkpoint may have" in found["checkpoints/mine.pth"].problem
    assert found["checkpoints/mine.pth"].content == b""


def test_a_checkpoint_is_read_out_of_a_folder_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    content = saved(STATE)
    (tmp_path / "checkpoints" / "mine.pth").write_bytes(content)
    found = read(tmp_path, part_with())
    file = found["checkpoints/mine.pth"]
    assert (file.content, file.problem, len(file.digest)) == (content, "", 64)


def its_own(digest: str) -> bytes:
    return json.dumps({"trained_on": "cifar10", "sha256": digest}).encode()


NOTES = {
    "its own": (lambda digest: its_own(digest), "cifar10"),
    "another file's": (lambda digest: json.dumps({"trained_on": "cifar10", "sha256": "0"}).encode(), ""),
    "unknown images": (lambda digest: json.dumps({"trained_on": "svhn", "sha256": digest}).encode(), ""),
    "a list": (lambda digest: json.dumps({"trained_on": ["cifar10"], "sha256": digest}).encode(), ""),
    "no table": (lambda digest: b"[1, 2]", ""),
    "no JSON": (lambda digest: b"\xff\xfe{", ""),
    "nested": (lambda digest: b"[" * 4000, ""),
    "too long": (
        lambda digest: b" " * 5000 + json.dumps({"trained_on": "cifar10", "sha256": digest}).encode(),
        "",
    ),
}


@pytest.mark.parametrize(("note", "expected"), NOTES.values(), ids=NOTES)
def test_a_note_beside_a_checkpoint_says_what_it_was_trained_on(
    tmp_path: Path, note: Callable[[str], bytes], expected: str
) -> None:
    (tmp_path / "checkpoints").mkdir()
    content = saved(STATE)
    (tmp_path / "checkpoints" / "mine.pth").write_bytes(content)
    (tmp_path / "checkpoints" / "mine.json").write_bytes(note(hashlib.sha256(content).hexdigest()))
    assert read(tmp_path, part_with())["checkpoints/mine.pth"].trained_on == expected


def test_a_part_without_checkpoints_reads_none(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "mine.pth").write_bytes(saved(STATE))
    assert read(tmp_path, part_with(None)) == {}
