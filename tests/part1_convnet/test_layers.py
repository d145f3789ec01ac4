"""The reference layers against torch: forward, and every gradient, over all settings of the assignment."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

SEED = 11


def gradients(out: torch.Tensor, inputs: list[torch.Tensor], dout: Any) -> list[Any]:
    return [grad.numpy() for grad in torch.autograd.grad(out, inputs, torch.from_numpy(dout))]


def as_leaves(*arrays: Any) -> list[torch.Tensor]:
    return [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]


def conv_layer(part1: SimpleNamespace, rng: np.random.Generator, *settings: int, dtype: str = "f8") -> Any:
    layer = part1.modules.Conv2D(*settings)
    layer.weight = rng.standard_normal(layer.weight.shape).astype(dtype)
    layer.bias = rng.standard_normal(layer.bias.shape).astype(dtype)
    return layer


@settings(max_examples=150)
@given(
    n=st.integers(1, 3),
    c=st.integers(1, 3),
    f=st.integers(1, 3),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    k=st.integers(1, 5),
    s=st.integers(1, 4),
    p=st.integers(0, 2),
)
def test_conv2d_equals_torch(
    part1: SimpleNamespace, n: int, c: int, f: int, height: int, width: int, k: int, s: int, p: int
) -> None:
    height, width = max(height, k - 2 * p), max(width, k - 2 * p)
    rng = np.random.default_rng(SEED)
    layer = conv_layer(part1, rng, c, f, k, s, p)
    x = rng.standard_normal((n, c, height, width))
    leaves = as_leaves(x, layer.weight, layer.bias)
    expected = F.conv2d(leaves[0], leaves[1], leaves[2], s, p)
    out = layer.forward(x)
    np.testing.assert_allclose(out, expected.detach().numpy(), atol=1e-12)
    dout = rng.standard_normal(out.shape)
    assert layer.backward(dout) is None
    for name, value in zip(("dx", "dw", "db"), gradients(expected, leaves, dout), strict=True):
        np.testing.assert_allclose(getattr(layer, name), value, atol=1e-11, err_msg=name)


@settings(max_examples=100)
@given(
    n=st.integers(1, 3),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    k=st.integers(1, 4),
    s=st.integers(1, 5),
    low=st.sampled_from([-3.0, -1e3]),
)
def test_max_pooling_equals_torch(
    part1: SimpleNamespace, n: int, height: int, width: int, k: int, s: int, low: float
) -> None:
    height, width = max(height, k), max(width, k)
    rng = np.random.default_rng(SEED)
    x = low + rng.random((n, 2, height, width))  # no ties, no positive entry
    layer = part1.modules.MaxPooling(k, s)
    (leaf,) = as_leaves(x)
    expected = F.max_pool2d(leaf, k, s)
    out = layer.forward(x)
    np.testing.assert_array_equal(out, expected.detach().numpy())
    dout = rng.standard_normal(out.shape)
    assert layer.backward(dout) is None
    np.testing.assert_allclose(layer.dx, gradients(expected, [leaf], dout)[0], atol=1e-12)


def test_a_tie_passes_its_gradient_once(part1: SimpleNamespace) -> None:
    layer = part1.modules.MaxPooling(2, 2)
    layer.forward(np.zeros((1, 2, 4, 6)))
    dout = np.random.default_rng(SEED).standard_normal((1, 2, 2, 3))
    layer.backward(dout)
    sums = layer.dx.reshape(1, 2, 2, 2, 3, 2).sum(axis=(3, 5))
    np.testing.assert_allclose(sums, dout)


@pytest.mark.parametrize("shape", [(4, 6), (1, 6), (3, 2, 3), (2, 3, 1, 2)], ids=str)
def test_linear_equals_torch(part1: SimpleNamespace, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(SEED)
    layer = part1.modules.Linear(6, 5)
    layer.weight, layer.bias = rng.standard_normal((6, 5)), rng.standard_normal(5)
    x = rng.standard_normal(shape)
    leaves = as_leaves(x, layer.weight, layer.bias)
    expected = leaves[0].flatten(1) @ leaves[1] + leaves[2]
    np.testing.assert_allclose(layer.forward(x), expected.detach().numpy())
    dout = rng.standard_normal((len(x), 5))
    layer.backward(dout)
    for name, value in zip(("dx", "dw", "db"), gradients(expected, leaves, dout), strict=True):
        np.testing.assert_allclose(getattr(layer, name), value, err_msg=name)


def test_relu_equals_torch(part1: SimpleNamespace) -> None:
    rng = np.random.default_rng(SEED)
    x, dout = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 3, 4, 5))
    (leaf,) = as_leaves(x)
    expected = F.relu(leaf)
    layer = part1.modules.ReLU()
    np.testing.assert_array_equal(layer.forward(x), expected.detach().numpy())
    layer.backward(dout)
    np.testing.assert_array_equal(layer.dx, gradients(expected, [leaf], dout)[0])


@pytest.mark.parametrize("scale", [1.0, 1e4], ids=["plain", "huge scores"])
def test_softmax_ce_equals_torch(part1: SimpleNamespace, scale: float) -> None:
    rng = np.random.default_rng(SEED)
    x, y = scale * rng.standard_normal((7, 5)), rng.integers(5, size=7)
    (leaf,) = as_leaves(x)
    expected = F.cross_entropy(leaf, torch.from_numpy(y))
    criterion = part1.modules.SoftmaxCrossEntropy()
    probs, loss = criterion.forward(x, y)
    criterion.backward()
    np.testing.assert_allclose(loss, expected.item())
    np.testing.assert_allclose(probs, F.softmax(leaf, dim=1).detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(criterion.dx, torch.autograd.grad(expected, leaf)[0].numpy(), atol=1e-12)


def linear_layer(part1: SimpleNamespace, dtype: str) -> Any:
    layer = part1.modules.Linear(90, 4)
    layer.weight, layer.bias = layer.weight.astype(dtype), layer.bias.astype(dtype)
    return layer


LAYERS = {
    "Conv2D": lambda part1, dtype: conv_layer(part1, np.random.default_rng(0), 3, 4, 3, 2, 1, dtype=dtype),
    "MaxPooling": lambda part1, dtype: part1.modules.MaxPooling(2, 2),
    "ReLU": lambda part1, dtype: part1.modules.ReLU(),
    "Linear": linear_layer,
}


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("name", LAYERS)
def test_precision_is_kept_and_nothing_is_written_to(part1: SimpleNamespace, name: str, dtype: str) -> None:
    layer = LAYERS[name](part1, dtype)
    x = np.random.default_rng(SEED).standard_normal((2, 3, 6, 5)).astype(dtype)
    x.flags.writeable = False
    out = layer.forward(x)
    dout = np.ones_like(out)
    dout.flags.writeable = False
    layer.backward(dout)
    made = [out, layer.dx, *(getattr(layer, name) for name in ("dw", "db") if hasattr(layer, name))]
    assert {array.dtype for array in made} == {np.dtype(dtype)}
    assert layer.dx.shape == x.shape


@pytest.mark.parametrize(
    ("build", "shape", "message"),
    [
        (
            lambda modules: modules.Conv2D(3, 4),
            (2, 1, 8, 8),
            "Conv2D.forward: expected x of shape (N, 3, H, W), got (2, 1, 8, 8); axis 1 is the input "
            "channels.",
        ),
        (
            lambda modules: modules.Conv2D(1, 4, kernel_size=5, padding=1),
            (2, 1, 8, 2),
            "Conv2D.forward: expected H and W, with 1 pixels of padding per side, of at least kernel_size "
            "= 5, got x of shape (2, 1, 8, 2); pad more or use smaller filters.",
        ),
        (
            lambda modules: modules.MaxPooling(3, 1),
            (2, 1, 2, 8),
            "MaxPooling.forward: expected x of shape (N, C, H, W) with H and W of at least kernel_size = 3, "
            "got (2, 1, 2, 8); pool fewer times or with smaller windows.",
        ),
        (
            lambda modules: modules.Linear(10, 4),
            (2, 3, 3),
            "Linear.forward: expected 10 entries per sample (in_dim), got x of shape (2, 3, 3); build the "
            "layer with in_dim = channels * height * width of its input.",
        ),
    ],
    ids=["conv channels", "conv too small", "pool too small", "linear in_dim"],
)
def test_an_input_that_does_not_fit_is_refused(
    part1: SimpleNamespace, build: Any, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        build(part1.modules).forward(np.zeros(shape))
    assert str(caught.value) == message


def test_initial_weights_are_those_of_the_handout(part1: SimpleNamespace) -> None:
    random = np.random.RandomState(1024)
    layer = part1.modules.Conv2D(2, 3, kernel_size=4)
    np.testing.assert_array_equal(layer.weight, 1e-3 * random.randn(3, 2, 4, 4))
    np.testing.assert_array_equal(layer.bias, np.zeros(3))
