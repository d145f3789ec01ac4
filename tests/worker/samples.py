"""Mini-workspaces for the tests of the sandbox: one ReLU, honest or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.core.model import Case

ALLOWED = (
    "numpy",
    "modules",
    "optimizer",
    "math",
    "collections",
    "dataclasses",
    "typing",
    "functools",
    "warnings",
)
PROJECT = Path(__file__).resolve().parents[2]
# What hostile code reaches by way of `collections._sys.modules`; the tests spare themselves the detour.
REACHED = (*ALLOWED, "os", "sys", "ctypes", "threading", "socket", "signal", "time", "gc", "resource", "mmap")
RELU = """
import numpy as np

class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        self.dx = dout * (self.x > 0)
"""
ASK_RELU = Case("convnet.relu", arrays={"x": np.array([[-1.0, 2.0]]), "dout": np.array([[3.0, 4.0]])})


def relu_that(body: str, *, at_import: bool = False) -> dict[str, str]:
    """Return a workspace whose ReLU runs `body` in forward (or on import), and is right otherwise."""
    imports = f"import {', '.join(name for name in REACHED if name not in ('modules', 'optimizer'))}\n"
    imports += "import numpy as np\n"
    if at_import:
        return {"modules/relu.py": f"{imports}{body}\n{RELU}"}
    lines = "\n".join(f"        {line}" for line in body.strip().split("\n"))
    return {
        "modules/relu.py": imports + RELU.replace("        self.x = x\n", f"        self.x = x\n{lines}\n")
    }
