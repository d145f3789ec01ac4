"""The same right weights in the ways in which students save them, and what must be remarked."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

WEIGHTS, MODEL = "checkpoints/mymodel.pth", "models/my_model.py"
NETWORK = """
import torch
from torch import nn


class MyModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.filters = nn.Conv2d(3, 4, 3, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.scores = nn.Linear(4, 10)

    def forward(self, x):
        x = self.norm(self.filters(x)).relu()
        return self.scores(x.mean(dim=(2, 3)))
"""
State = Mapping[str, Any]
UNWRAPPED = "the weights were taken from a larger dict"
STRIPPED = 'a prefix such as "module." was removed from every name'
CAST = "its numbers were converted to float32"


@dataclass(frozen=True)
class Odd:
    """How the weights are saved; the remark, "" for none; where nothing can be scored, what is `said`."""

    save: Callable[[State], bytes]
    remark: str = ""
    said: str = ""


def network(source: str = NETWORK) -> Any:
    """Return the network of `source`, new, whose scores are highest for the same class."""
    space: dict[str, Any] = {"__name__": "models.my_model"}
    exec(source, space)
    torch.manual_seed(0)
    return space["MyModel"]()


def state_of(model: Any) -> OrderedDict[str, Any]:
    """Return weights of `model` that take every image for a 2."""
    state: OrderedDict[str, Any] = model.state_dict()
    state["scores.bias"][2] = 100.0
    return state


def saved(thing: object, **settings: Any) -> bytes:
    stream = io.BytesIO()
    torch.save(thing, stream, **settings)
    return stream.getvalue()


def as_(change: Callable[[State], object], **settings: Any) -> Callable[[State], bytes]:
    """Return what saves something made of the state_dict."""
    return lambda state: saved(change(state), **settings)


def renamed(pattern: str) -> Callable[[State], dict[str, Any]]:
    """Return what writes every name as `pattern` has it."""
    return lambda state: {pattern.format(name): entry for name, entry in state.items()}


def converted(dtype: torch.dtype) -> Callable[[State], dict[str, Any]]:
    """Return what converts all numbers but whole ones."""
    return lambda state: {
        name: entry.to(dtype) if entry.is_floating_point() else entry for name, entry in state.items()
    }


def on_a_card(device: str, **settings: Any) -> Callable[[State], bytes]:
    """Return what saves as a machine with a graphics card does: the storages say where they were."""

    def save(state: State) -> bytes:
        content = saved(state, **settings)
        old, new = (b"X" + len(name).to_bytes(4, "little") + name.encode() for name in ("cpu", device))
        if settings:  # the old format: one file, whose storages follow the pickles
            return content.replace(old, new, 1)
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
            for name in before.namelist():
                data = before.read(name)
                after.writestr(name, data.replace(old, new) if name.endswith("data.pkl") else data)
        assert new in stream.getvalue()
        return stream.getvalue()

    return save


def trained(state: State) -> dict[str, object]:
    """Return what a training loop keeps: the optimizer, the scheduler, the best accuracy as NumPy has it."""
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.zeros(2, 3, 32, 32)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [6, 8])
    return {
        "epoch": 10,
        "best": np.float64(0.62),
        "history": np.arange(3.0),
        "milestones": Counter([6, 8]),
        "state_dict": state,
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
    }


def without(ending: str) -> Callable[[State], dict[str, Any]]:
    """Return what leaves names with this ending out."""
    return lambda state: {name: entry for name, entry in state.items() if not name.endswith(ending)}


def averaged(state: State) -> dict[str, Any]:
    """Return what torch.optim.swa_utils keeps: a counter, a prefix, counters as floats."""
    floats = {
        f"module.{name}": entry.float() if name.endswith("tracked") else entry
        for name, entry in state.items()
    }
    return {"n_averaged": torch.tensor(3), **floats}


def counted(state: State) -> dict[str, Any]:
    """Return what a counter of operations leaves in a model."""
    extra = {name: torch.zeros(1) for name in ("total_ops", "total_params", "filters.total_ops")}
    return {**state, **extra}


def cloned(state: State) -> State:
    return {
        name: torch.nn.Parameter(entry, requires_grad=entry.is_floating_point())
        for name, entry in state.items()
    }


def whole_model(state: State) -> bytes:
    """Save the model itself, as the class of the student's own module."""
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.Linear(3600, 10))
    return saved(model)


OLD = {"_use_new_zipfile_serialization": False}
ODD: dict[str, Odd] = {
    "as is usual": Odd(saved),
    "on a graphics card": Odd(on_a_card("cuda:0")),
    "on the second graphics card": Odd(on_a_card("cuda:1")),
    "on a Mac's graphics card": Odd(on_a_card("mps")),
    "on a graphics card, by an old torch": Odd(on_a_card("cuda:0", **OLD)),
    "by an old torch": Odd(as_(dict, **OLD)),
    "by DataParallel": Odd(as_(renamed("module.{}")), STRIPPED),
    "by torch.compile": Odd(as_(renamed("_orig_mod.{}")), STRIPPED),
    "by DataParallel, compiled": Odd(as_(renamed("_orig_mod.module.{}")), STRIPPED),
    "by torch.compile, in parallel": Odd(as_(renamed("module._orig_mod.{}")), STRIPPED),
    "by a trainer that holds the model": Odd(as_(renamed("model.net.{}")), STRIPPED),
    "as a mean of several": Odd(as_(averaged), STRIPPED),
    "in a dict with everything else": Odd(as_(trained), UNWRAPPED),
    "under the name model": Odd(as_(lambda state: {"model": state, "epoch": 3}), UNWRAPPED),
    "under a name of their own": Odd(as_(lambda state: {"best weights": state, "accuracy": 0.6}), UNWRAPPED),
    "in parallel, in a dict, as halves": Odd(
        as_(lambda state: {"net": renamed("module.{}")(converted(torch.float16)(state))}),
        f"{UNWRAPPED}; {STRIPPED}; {CAST}",
    ),
    "as float16": Odd(as_(converted(torch.float16)), CAST),
    "as bfloat16": Odd(as_(converted(torch.bfloat16)), CAST),
    "as float64": Odd(as_(converted(torch.float64)), CAST),
    "as parameters": Odd(as_(cloned)),
    "as views that are not contiguous": Odd(
        as_(lambda state: {**state, "scores.weight": state["scores.weight"].t().clone().t()})
    ),
    "without the counters of batches": Odd(as_(without("num_batches_tracked"))),
    "with counters of operations": Odd(as_(counted)),
    "with names in another order": Odd(as_(lambda state: dict(reversed(state.items())))),
    "as a whole model": Odd(
        whole_model, said="contains a whole model (torch.nn.modules.container.Sequential, "
    ),
    "as a list of parameters": Odd(
        as_(lambda state: list(state.values())),
        said="holds a list instead of a dict of tensors; save it with torch.save(",
    ),
    "of another network": Odd(
        as_(lambda state: {"fc.weight": state["scores.weight"]}),
        said="Train and save it with the code that you hand in",
    ),
    "of a wider network": Odd(
        as_(lambda state: {**state, "scores.weight": torch.zeros(10, 8)}),
        said="scores.weight has shape (10, 8), expected (10, 4)",
    ),
    "by pickle": Odd(
        lambda state: pickle.dumps({name: entry.tolist() for name, entry in state.items()}),
        said="a pickle that torch did not write",
    ),
    "as an empty file": Odd(lambda state: b"", said="is empty (0 bytes)"),
    "cut short": Odd(lambda state: saved(state)[:-100], said="is damaged or truncated"),
    "as a pointer": Odd(
        lambda state: b"version https://git-lfs.github.com/spec/v1\noid x\n", said="git lfs pull"
    ),
}
NAMES: dict[str, tuple[str, str]] = {
    "in capitals": ("Checkpoints/MyModel.pth", "MyModel.pth was graded in its place"),
    "with another suffix": ("checkpoints/mymodel.pt", "mymodel.pt was graded in its place"),
    "with an underscore": ("checkpoints/my_model.pth", "my_model.pth was graded in its place"),
    "as an archive of old": ("checkpoints/mymodel.pth.tar", "mymodel.pth.tar was graded in its place"),
    "in another folder": ("saved/mymodel.pth", "saved/mymodel.pth was graded in its place"),
    "beside the code": ("mymodel.pth", "mymodel.pth was graded in its place"),
    "with back-slashes": ("checkpoints\\mymodel.pth", ""),
}
