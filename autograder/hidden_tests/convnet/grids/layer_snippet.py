"""The lines that run one layer of part 1 on a case, in the student's own folder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.core.model import Array, Case
from autograder.hidden_tests.grid import Snippet, setting
from autograder.hidden_tests.snippets import keywords, numpy_array


def layer_snippet(module: str, cls: str, arguments: Sequence[str]) -> Snippet:
    """Return the writer of lines for the layer `cls` of `module`, which takes `arguments`."""

    def write(case: Case, output: str) -> str:
        lines = ["import numpy as np", f"from {module} import {cls}", ""]
        lines.append(f"layer = {cls}({keywords(case, arguments)})")
        for name in ("weight", "bias"):
            if name in case.arrays:
                lines.append(f"layer.{name} = {_array(case, name)}")
        has_backward = bool(case.settings.get("backward"))
        for _ in range(setting(case, "repeats")):
            lines.append(f"layer.forward({_array(case, 'x_before')})")
            if has_backward:
                lines.append(f"layer.backward({_array(case, 'dout_before')})")
        lines += [f"x = {_array(case, 'x')}", "out = layer.forward(x)"]
        if has_backward and output != "out":
            lines += [f"dout = {_array(case, 'dout')}", "layer.backward(dout)"]
        lines.append(f"print({_shown(output)})")
        return "\n".join(lines)

    return write


def _array(case: Case, name: str) -> str:
    array: Array = case.arrays[name]
    return numpy_array(array.astype(np.float32) if case.settings.get("dtype") == "float32" else array)


def _shown(output: str) -> str:
    name = output.removesuffix("_after")
    return name if name in ("out", "x", "dout") else f"layer.{name}"
