"""Models that are hostile while they are filled or asked; `hostile_models.toml` holds them.

name, aim, attempt, frame   as in `attack.py`, with the frames below
must                        what the student must read about the checkpoint; "|" separates alternatives
also                        what may stand there besides, because it is torch's way of saying no
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.attack import PRELUDE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).with_suffix(".toml")
MODEL = """

import torch


class MyModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.filters = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.norm = torch.nn.BatchNorm2d(4)
        self.scores = torch.nn.Linear(4, 10)
{more}
    def forward(self, x):
        scores = self.scores(self.norm(self.filters(x)).relu().mean(dim=(2, 3)))
{tail}
"""
HOOKS = """
    def _load_from_state_dict(self, *everything):
        raise RuntimeError(attack())
"""
FRAMES = {
    "report": MODEL.format(more="", tail="        raise RuntimeError(attack())"),
    "right": MODEL.format(more="", tail="        attack()\n        return scores"),
    "lies": MODEL.format(more="", tail="        return lie(scores)"),
    "hooks": MODEL.format(more=HOOKS, tail="        return scores"),
    "free": "",
}


@dataclass(frozen=True)
class HostileModel:
    """One hostile models/my_model.py; see the top of this file."""

    name: str
    aim: str
    attempt: str
    must: str
    frame: str = "report"
    also: str = ""
    zeroed: bool = False

    def source(self, targets: Mapping[str, object]) -> bytes:
        """Return the file that is handed in; it knows the `targets` as constants."""
        known = "".join(f"{name} = {value!r}\n" for name, value in targets.items())
        return f"{PRELUDE}{known}{self.attempt}{FRAMES[self.frame]}".encode()


def read_models() -> tuple[HostileModel, ...]:
    """Return the models of the table."""
    return tuple(HostileModel(**entry) for entry in tomllib.loads(TABLE.read_text("utf-8"))["attack"])
