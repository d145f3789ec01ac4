"""The baseline of the lab's benchmark is a convolution: values and gradients are torch's own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

SOURCE = Path(__file__).resolve().parents[2] / "benchmarks" / "measuring" / "starter_conv.py"


@pytest.fixture(scope="module")
def starter_layer() -> Any:
    spec = importlib.util.spec_from_file_location("measuring_starter_conv", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.StarterConv2d


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 1, 1), (7, 2, 3), (1, 1, 0)])
def test_it_computes_what_torch_does_before_a_relu_in_place(
    starter_layer: Any, kernel: int, stride: int, padding: int
) -> None:
    torch.manual_seed(0)
    native = nn.Conv2d(2, 3, kernel, stride, padding).double()
    starter = starter_layer(2, 3, kernel, stride, padding).double()
    starter.load_state_dict(native.state_dict())
    found = []
    for layer in (native, starter):
        x = torch.linspace(-1, 1, 2 * 2 * 8 * 10, dtype=torch.double).reshape(2, 2, 8, 10).requires_grad_()
        out = nn.ReLU(inplace=True)(layer(x))
        out.square().sum().backward()
        found.append([out.detach(), x.grad, layer.weight.grad, layer.bias.grad])
    for expected, got in zip(*found, strict=True):
        torch.testing.assert_close(got, expected)
