"""The lines that run a model of part 2 with given weights, in the student's own folder."""

from __future__ import annotations

import numpy as np

from autograder.core.model import Array, Case
from autograder.hidden_tests.snippets import tensor

SHOWN = {
    "parameters": "sum(p.numel() for p in model.parameters() if p.requires_grad)",
    "training": "model.training",
    "shapes": "[tuple(layer.weight.shape) for layer in layers]",
    "out": "out",
    "x_after": "x",
    "dx": "x.grad",
    "reached": "[x.grad is not None, *(layer.weight.grad is not None for layer in layers)]",
}


def model_lines(case: Case, output: str, *, module: str, built: str) -> str:
    """Return the lines that build a model as `built`, set its layers in order, and run it on x."""
    name = built.partition("(")[0]
    lines = ["import torch", "from torch import nn", f"from {module} import {name}", ""]
    lines += [f"model = {built}", f"x = {_tensor(case.arrays['x'])}.requires_grad_()"]
    lines.append("model(x)  # lazy layers learn their shapes")
    lines.append("layers = [layer for layer in model.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]")
    for index in range(2):
        for kind in ("weight", "bias"):
            lines.append(f"layers[{index}].{kind}.data = {_tensor(case.arrays[f'{kind}_{index}'])}")
    lines.append("out = model(x)")
    if "dout" in case.arrays and output not in ("out", "parameters", "training", "shapes"):
        lines.append(f"(out * {_tensor(case.arrays['dout'])}).sum().backward()")
    return "\n".join([*lines, f"print({_shown(output)})"])


def _tensor(array: Array) -> str:
    """Return the expression that makes `array`: one number everywhere is written once."""
    if array.size > 8 and np.ptp(array) == 0:
        return f"torch.full({array.shape}, {float(array.flat[0])})"
    return tensor(array)


def _shown(output: str) -> str:
    kind, _, index = output.rpartition("_")
    if kind in ("dweight", "dbias"):
        return f"layers[{index}].{kind[1:]}.grad"
    return SHOWN[output]
