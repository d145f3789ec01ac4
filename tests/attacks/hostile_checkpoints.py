"""Files of weights that are none, or that lie about what they hold; each with what the student must read.

Every maker is given the honest state_dict of MODEL, and what an attack may aim at (`targets`).
"""

from __future__ import annotations

import io
import pickle
import struct
import tarfile
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch

from autograder.intake.checkpoint_content import OLD_FORMAT, OLD_PICKLES

State: TypeAlias = "OrderedDict[str, torch.Tensor]"
Make: TypeAlias = Callable[[State, Mapping[str, object]], bytes]
SCORED = "10.0% on 500 procedural images"  # it was loaded, and is worth what it always says
MODEL = """
import torch


class MyModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.filters = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.norm = torch.nn.BatchNorm2d(4)
        self.scores = torch.nn.Linear(4, 10)

    def forward(self, x):
        return self.scores(self.norm(self.filters(x)).relu().mean(dim=(2, 3)))
"""


@dataclass(frozen=True)
class Hostile:
    """How the file is made, and what must be said of it."""

    make: Make
    must: str


class Does:
    """Pickles as a call of `function`, which would run where somebody loads it."""

    def __init__(self, function: Any, *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._call


def honest_state() -> State:
    """Return weights of MODEL that take every image for the same class."""
    space: dict[str, Any] = {}
    exec(MODEL, space)
    torch.manual_seed(0)
    state: State = space["MyModel"]().state_dict()
    state["scores.bias"][2] = 100.0
    return state


def saved(thing: object, **settings: Any) -> bytes:
    """Return what torch.save writes."""
    stream = io.BytesIO()
    torch.save(thing, stream, **settings)
    return stream.getvalue()


def repacked(content: bytes, changes: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Pack a checkpoint again with some members replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            new.writestr(zipfile.ZipInfo(name), changes.get(name) or old.read(name), method)
    return stream.getvalue()


def with_pickle(data: bytes) -> Make:
    """Return what puts `data` in the place of the pickle; PROGRAM in it becomes Python that leaves a mark."""

    def make(state: State, targets: Mapping[str, object]) -> bytes:
        return repacked(saved(state), {"archive/data.pkl": data.replace(b"PROGRAM", _mark(targets))})

    return make


def with_state(change: Callable[[State], object], **settings: Any) -> Make:
    """Return what saves something made of the honest state."""

    def make(state: State, targets: Mapping[str, object]) -> bytes:
        return saved(change(state), **settings)

    return make


def running(wrap: Callable[[Does, State], object], **settings: Any) -> Make:
    """Return what saves an object that runs code when it is loaded, somewhere inside."""

    def make(state: State, targets: Mapping[str, object]) -> bytes:
        return saved(wrap(Does(exec, _mark(targets).decode()), state), **settings)

    return make


def _mark(targets: Mapping[str, object]) -> bytes:
    return f"open({str(targets['FOLDER'])!r} + '/loaded', 'w').close()".encode()


def _bare_pickle(state: State, targets: Mapping[str, object]) -> bytes:
    return pickle.dumps(Does(exec, _mark(targets).decode()))


def _tar(state: State, targets: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in ("storages", "tensors", "pickle"):
            content = _bare_pickle(state, targets)
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def _script(state: State, targets: Mapping[str, object]) -> bytes:
    """Write an archive as torch.jit does: with code of its own."""
    return repacked(
        saved(state), {"archive/code/__torch__.py": b"x = 1", "archive/constants.pkl": b"\x80\x02)."}
    )


def _numbers_of_numpy(state: State, targets: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Does(exec, _mark(targets).decode())], dtype=object), allow_pickle=True)
    return stream.getvalue()


def _bomb(state: State, targets: Mapping[str, object]) -> bytes:
    return repacked(saved(state), {"archive/data/99": bytes(64 * 2**20)}, zipfile.ZIP_DEFLATED)


def _patched(offset: int, value: int) -> Make:
    """Return what writes `value` into the last entry of the directory, at `offset`."""

    def make(state: State, targets: Mapping[str, object]) -> bytes:
        content = bytearray(saved(state))
        struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + offset, value)
        return bytes(content)

    return make


def _lying_local_header(state: State, targets: Mapping[str, object]) -> bytes:
    content = bytearray(saved(state))
    struct.pack_into("<II", content, 18, 3 * 2**30, 3 * 2**30)
    return bytes(content)


def _many_members(state: State, targets: Mapping[str, object]) -> bytes:
    return repacked(saved(state), {f"archive/data/{number}": b"1234" for number in range(5000)})


def _many_small_tensors(state: State) -> object:
    one = torch.zeros(1)
    return {f"weight{number}": one for number in range(8000)}


def _other_numel(numel: int) -> Make:
    """Return what declares that the filters' storage of 108 numbers holds `numel`."""

    def make(state: State, targets: Mapping[str, object]) -> bytes:
        content = saved(state)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            data = archive.read("archive/data.pkl")
        assert data.count(b"Kl") >= 1  # BININT1 108
        return repacked(
            content, {"archive/data.pkl": data.replace(b"Kl", b"J" + struct.pack("<i", numel), 1)}
        )

    return make


def _out_of_bounds(state: State, targets: Mapping[str, object]) -> bytes:
    """Let the first tensor begin far behind its storage: offset 0 becomes 2^30."""
    content = saved(state)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        data = archive.read("archive/data.pkl")
    place = data.index(b"QK\x00(")  # BINPERSID, offset, sizes
    changed = data[: place + 1] + b"J" + struct.pack("<i", 2**30) + data[place + 3 :]
    return repacked(content, {"archive/data.pkl": changed})


def _expanded(state: State) -> object:
    return state | {"filters.weight": torch.zeros(1).expand(2**40)}


def _overlapping(state: State) -> object:
    return state | {"filters.weight": torch.zeros(1).expand(4, 3, 3, 3)}


class Sub(torch.Tensor):
    """A tensor with a mind of its own."""


def _subclass(state: State) -> object:
    return state | {"filters.weight": state["filters.weight"].as_subclass(Sub)}


def _hooked(state: State) -> object:
    """Hang more than metadata onto the dict: it answers for what it holds."""
    hooked = OrderedDict(state)
    vars(hooked)["_metadata"] = {"": {"version": 10**9, "assign_to_params_buffers": True}}
    vars(hooked).update(keys=4, get=5, __len__=6, __class__=7)
    return hooked


def _named(name: str) -> Callable[[State], object]:
    return lambda state: state | {name: torch.zeros(1)}


def _quantised(state: State) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensor = torch.quantize_per_tensor(state["filters.weight"], 0.1, 0, torch.qint8)
    return state | {"filters.weight": tensor}


GLOBAL, STACK = b"\x80\x02cposix\nsystem\n", b"\x80\x04\x8c\x05posix\x8c\x06system\x93"
HOSTILE: dict[str, Hostile] = {
    # code
    "a pickle that runs code": Hostile(_bare_pickle, "a pickle that torch did not write"),
    "code in the place of the weights": Hostile(
        running(lambda code, state: code), "refers to code (__builtin__.exec)"
    ),
    "code beside the weights": Hostile(
        running(lambda code, state: {"state_dict": state, "optimizer": {"state": {0: code}}}),
        "refers to code",
    ),
    "code under the name of a layer": Hostile(
        running(lambda code, state: {**state, "filters.weight": code}), "refers to code"
    ),
    "code in the old format": Hostile(
        running(lambda code, state: {**state, "x": code}, _use_new_zipfile_serialization=False),
        "refers to code",
    ),
    "a pickle that only begins like torch's": Hostile(
        lambda state, targets: (
            OLD_FORMAT + pickle.dumps(Does(exec, _mark(targets).decode()), 2) * OLD_PICKLES
        ),
        "refers to code",
    ),
    "code in the format before that": Hostile(_tar, "is not a torch checkpoint"),
    "the shell, by the opcode GLOBAL": Hostile(
        with_pickle(GLOBAL + b"X\x04\x00\x00\x00true\x85R."), "refers to code (posix.system)"
    ),
    "the shell, by the opcode STACK_GLOBAL": Hostile(
        with_pickle(STACK + b"\x8c\x04true\x85R."), "names classes as only newer pickles do"
    ),
    "the shell, by the opcode INST": Hostile(
        with_pickle(b"(X\x04\x00\x00\x00trueiposix\nsystem\n."), "refers to code"
    ),
    "a number of the registry of extensions": Hostile(
        with_pickle(b"\x80\x02\x82\x01)R."), "refers to code (ext1"
    ),
    "an object that builds itself": Hostile(
        with_pickle(b"\x80\x02ctorch.nn.modules.linear\nLinear\n)\x81}X\x01\x00\x00\x00aK\x01sb."),
        "contains a whole model (torch.nn.modules.linear.Linear)",
    ),
    "a getter of attributes": Hostile(
        with_pickle(b"\x80\x02c__builtin__\ngetattr\nctorch\nFloatStorage\nX\x08\x00\x00\x00__init__\x86R."),
        "refers to code (__builtin__.getattr)",
    ),
    "a torch function that is none of the usual": Hostile(
        with_pickle(b"\x80\x02ctorch\nload\nX\x0b\x00\x00\x00/etc/passwd\x85R."),
        "refers to code (torch.load)",
    ),
    "a second pickle behind the first": Hostile(
        lambda state, targets: repacked(
            saved(state),
            {
                "archive/data.pkl": zipfile.ZipFile(io.BytesIO(saved(state))).read("archive/data.pkl")
                + GLOBAL
                + b"X\x04\x00\x00\x00true\x85R."
            },
        ),
        SCORED,
    ),
    "a script of torch": Hostile(_script, "holds archive/code/__torch__.py"),
    "an array of objects": Hostile(_numbers_of_numpy, "is not a torch checkpoint"),
    # bombs
    "a bomb of zeros": Hostile(_bomb, "is packed or encrypted inside"),
    "three gigabytes in the directory": Hostile(
        _patched(24, 3 * 2**30), "claims to contain more bytes than it has"
    ),
    "three gigabytes in a header": Hostile(_lying_local_header, "of the checkpoint|damaged|" + SCORED),
    "a place beyond the end": Hostile(_patched(42, 3 * 2**30), "damaged"),
    "a storage that is declared with three gigabytes": Hostile(_other_numel(3 * 2**28), "damaged"),
    "a storage of less than nothing": Hostile(_other_numel(-1), "damaged"),
    "a tensor that begins beyond its storage": Hostile(_out_of_bounds, "damaged"),
    "a terabyte that takes four bytes": Hostile(
        with_state(_expanded), "filters.weight has shape (1099511627776,)"
    ),
    "thousands of members": Hostile(_many_members, "holds more than 4000 members"),
    "thousands of tensors of one number": Hostile(with_state(_many_small_tensors), "lacks filters.weight"),
    "more bytes than a checkpoint may have": Hostile(
        with_state(lambda state: state | {"x": torch.zeros(2**20)}), "more than the 4 MiB"
    ),
    "a list in a list in a list": Hostile(
        with_pickle(b"\x80\x02" + b"]" * 150_000 + b"a" * 149_999 + b"."), "checkpoint"
    ),
    "marks without end": Hostile(with_pickle(b"\x80\x02" + b"(" * 300_000 + b"."), "checkpoint"),
    "a laugh a billion times": Hostile(
        with_pickle(
            b"\x80\x02]q\x00" + b"(h\x00h\x00h\x00h\x00h\x00h\x00h\x00h\x00h\x00h\x00lq\x00" * 200 + b"."
        ),
        "checkpoint",
    ),
    "a memo with the number four billion": Hostile(with_pickle(b"\x80\x02Nr\xff\xff\xff\xff."), "checkpoint"),
    "a number of a million digits": Hostile(
        with_pickle(b"\x80\x02I" + b"9" * 900_000 + b"\n."), "checkpoint"
    ),
    "a number of a million bytes": Hostile(
        with_pickle(b"\x80\x02\x8b" + struct.pack("<i", 900_000) + b"\x7f" * 900_000 + b"."), "checkpoint"
    ),
    "a text that is longer than the file": Hostile(
        with_pickle(b"\x80\x04\x8d" + b"\xff" * 8 + b"x."), "damaged"
    ),
    "a megabyte of names": Hostile(
        with_pickle(b"\x80\x02" + b"ca\nb\n" * 180_000 + b"."), "refers to code (a.b)"
    ),
    "a pickle without an end": Hostile(with_pickle(b"\x80\x02" + b"N" * 1000), "damaged"),
    "more pickle than any network needs": Hostile(
        with_pickle(b"\x80\x02X" + struct.pack("<I", 2**21) + b"x" * 2**21 + b"."),
        "a data.pkl of more than 2 MiB",
    ),
    "more steps than any network needs": Hostile(
        with_pickle(b"\x80\x02" + b"N0" * 600_000 + b"N."), "a pickle of more than 400,000 steps"
    ),
    # tensors
    "weights that overlap": Hostile(with_state(_overlapping), SCORED),
    "a tensor of a class of its own": Hostile(with_state(_subclass), "refers to code"),
    "sparse weights": Hostile(
        with_state(lambda state: state | {"filters.weight": state["filters.weight"].to_sparse()}),
        "refers to code",
    ),
    "quantised weights": Hostile(with_state(_quantised), "refers to code"),
    "weights on no device": Hostile(
        with_state(lambda state: state | {"filters.weight": torch.empty(4, 3, 3, 3, device="meta")}),
        "refers to code",
    ),
    "complex weights": Hostile(
        with_state(lambda state: state | {"filters.weight": state["filters.weight"] + 0j}),
        "filters.weight is torch.complex64, expected torch.float32",
    ),
    "whole numbers as weights": Hostile(
        with_state(lambda state: state | {"filters.weight": state["filters.weight"].long()}),
        "filters.weight is torch.int64, expected torch.float32",
    ),
    "weights that are no numbers": Hostile(
        with_state(lambda state: state | {"scores.bias": torch.full((10,), float("nan"))}),
        "NaN or infinite for 100%",
    ),
    "weights that are infinite": Hostile(
        with_state(lambda state: state | {"scores.bias": torch.full((10,), float("inf"))}),
        "NaN or infinite for 100%",
    ),
    # the dict
    "a dict with more than metadata": Hostile(with_state(_hooked), SCORED),
    "a name that is a page": Hostile(
        with_state(_named("<script>alert(1)</script>\x1b[2J\n" * 9)), "has also <script>"
    ),
    "a name of a megabyte": Hostile(with_state(_named("a" * 900_000)), "has also aaaa"),
    "names that are no texts": Hostile(with_state(lambda state: {7: state["scores.bias"]}), "holds a dict"),
    "a list of tensors": Hostile(with_state(lambda state: list(state.values())), "holds a list"),
    "nothing in a dict": Hostile(with_state(lambda state: {}), "holds a dict"),
    "a dict that holds itself": Hostile(
        with_pickle(b"\x80\x02}q\x00X\x05\x00\x00\x00modelq\x01h\x00s."),
        "holds a dict instead of a dict of tensors",
    ),
}
