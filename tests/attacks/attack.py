"""Attacks as data: what each wants, the code it hands in, and what must come of it.

A table `tables/<group>.toml` holds `[[attack]]` entries:

    name      what it does, in a few words; unique in its group
    aim       what it would gain
    file      the one answer file that it replaces (default modules/relu.py); all others are the solution's
    attempt   Python source, put between PRELUDE and one of FRAMES
    frame     which one (default "report")
    must      what the student must read about one of the tests of that file's component: it proves that the
              attempt was made, and what became of it
    keeps     which points the component deserves all the same: "everything", those of its tests of one
              direction, such as "forward", or "" (default)
    zeroed    whether a rule of the handout takes the whole part's points (default false)
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = Path(__file__).with_name("tables")
RELU = "modules/relu.py"

PRELUDE = """\
import numpy as np

load = np.__builtins__["__import__"]  # the rule on imports is no wall: anyone can walk around it
os, sys, time = load("os"), load("sys"), load("time")


def tried(attempt, *arguments):
    try:
        return f"SUCCEEDED: {str(attempt(*arguments))[:200]}"
    except OSError as error:  # what the sandbox says; anything else is the attack's own mistake
        return f"refused ({type(error).__name__})"
    except BaseException as error:
        return f"FELL OVER: {type(error).__name__}: {error}"


def send(content):
    for number in range(3, 256):
        try:
            os.write(number, content)
        except OSError:
            pass


def frame(**header):
    usual = {"case": 1, "ending": "answered", "problems": {}, "remarks": [], "place": None, "arrays": []}
    text = load("json").dumps({**usual, **header}).encode()
    return len(text).to_bytes(4, "big") + text


"""

# What surrounds an attempt. `report` and the two below it raise what `attack()` returns, so that it can be
# read in the report; `wrong` earns nothing by itself, nor does `lies`, which answers with what `lie(right)`
# makes of the right array; `right` deserves every point.
FRAMES = {
    "report": """
class ReLU:
    def forward(self, x):
        raise RuntimeError(attack())
""",
    "backward": """
class ReLU:
    def forward(self, x):
        x += 1.0

    def backward(self, dout):
        raise RuntimeError(attack())
""",
    "import": """
raise RuntimeError(attack())
""",
    "wrong": """
class ReLU:
    def forward(self, x):
        x += 1.0
        return x

    def backward(self, dout):
        dout += 1.0
        self.dx = dout
""",
    "lies": """
class ReLU:
    def forward(self, x):
        self.passed = x > 0
        out = lie(np.maximum(x, 0))
        x += 1.0
        return out

    def backward(self, dout):
        self.dx = lie(dout * self.passed)
        dout += 1.0
""",
    "right": """
class ReLU:
    def forward(self, x):
        attack()
        self.passed = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        attack()
        self.dx = dout * self.passed
""",
    "none": "",
}


@dataclass(frozen=True)
class Attack:
    """One hostile submission; see the top of this file."""

    group: str
    name: str
    aim: str
    attempt: str
    must: str
    file: str = RELU
    frame: str = "report"
    keeps: str = ""
    zeroed: bool = False

    def source(self, targets: Mapping[str, object]) -> bytes:
        """Return the file that is handed in; it knows the `targets` (a place, a port, …) as constants."""
        known = "".join(f"{name} = {value!r}\n" for name, value in targets.items())
        return f"{PRELUDE}{known}{self.attempt}{FRAMES[self.frame]}".encode()


def read_attacks() -> tuple[Attack, ...]:
    """Return the attacks of all tables, group by group."""
    return tuple(
        Attack(group=table.stem, **entry)
        for table in sorted(TABLES.glob("*.toml"))
        for entry in _entries(table)
    )


def _entries(table: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(table.read_text(encoding="utf-8"))["attack"]
    return entries
