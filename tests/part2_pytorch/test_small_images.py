"""Convolutions of small images: laid side by side, they give the gradients of torch's own convolution."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn


def gradients(layer: nn.Conv2d, images: torch.Tensor, slope: torch.Tensor) -> list[torch.Tensor]:
    layer.zero_grad()
    images = images.clone().requires_grad_()
    scores = layer(images)
    scores.backward(slope)
    found = [scores.detach(), images.grad, *(parameter.grad for parameter in layer.parameters())]
    return [tensor.clone() for tensor in found if tensor is not None]


def was_laid_out(scores: torch.Tensor) -> bool:
    names, nodes = [], [scores.grad_fn]
    while nodes:
        node = nodes.pop()
        if node is not None:
            names.append(type(node).__name__)
            nodes += [following for following, _ in node.next_functions]
    return "_ConvolutionBackward" in names


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("kernel", [1, 3, 5, (3, 1), (1, 5)], ids=str)
@pytest.mark.parametrize(
    ("count", "height", "width"), [(1, 3, 3), (10, 6, 7), (33, 2, 4), (16, 7, 7), (3, 8, 8)]
)
def test_gradients_are_those_of_the_plain_convolution(
    part2: SimpleNamespace, count: int, height: int, width: int, kernel: int | tuple[int, int], bias: bool
) -> None:
    torch.manual_seed(count)
    layer = nn.Conv2d(3, 4, kernel, padding="same", bias=bias).double()
    layer.padding = tuple(size // 2 for size in layer.kernel_size)
    images = torch.randn(count, 3, height, width, dtype=torch.float64)
    slope = torch.randn(count, 4, height, width, dtype=torch.float64)
    plain = gradients(layer, images, slope)
    with part2.small_images.SideBySide():
        assert was_laid_out(layer(images))
        laid_out = gradients(layer, images, slope)
    assert len(plain) == len(laid_out)
    for expected, got in zip(plain, laid_out, strict=True):
        assert torch.allclose(got, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("settings", "width"),
    [
        ({"kernel_size": 3, "padding": 1, "stride": 2}, 7),
        ({"kernel_size": 3, "padding": 2, "dilation": 2}, 7),
        ({"kernel_size": 3, "padding": 1, "groups": 2}, 7),
        ({"kernel_size": 3, "padding": 0}, 7),
        ({"kernel_size": 2, "padding": 1}, 7),
        ({"kernel_size": 3, "padding": 1}, 15),
        ({"kernel_size": 3, "padding": "same"}, 7),
        ({"kernel_size": 3, "padding": 1, "padding_mode": "reflect"}, 7),
    ],
    ids=str,
)
def test_other_convolutions_are_left_alone(
    part2: SimpleNamespace, settings: dict[str, object], width: int
) -> None:
    layer, images = nn.Conv2d(2, 4, **settings), torch.randn(5, 2, width, width)
    plain = layer(images)
    with part2.small_images.SideBySide():
        scores = layer(images)
    assert torch.equal(scores, plain)
    assert not was_laid_out(scores)


def test_a_filter_that_is_not_trained_and_scores_without_gradients_are_left_alone(
    part2: SimpleNamespace,
) -> None:
    layer, images = nn.Conv2d(2, 4, 3, padding=1), torch.randn(5, 2, 7, 7, requires_grad=True)
    with part2.small_images.SideBySide():
        with torch.no_grad():
            assert layer(images).grad_fn is None
        layer.weight.requires_grad = False
        assert not was_laid_out(layer(images))


def test_under_autocast_it_computes_in_bfloat16_and_parameters_get_float32(part2: SimpleNamespace) -> None:
    layer, images = nn.Conv2d(2, 4, 3, padding=1), torch.randn(9, 2, 7, 7)
    with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
        plain = layer(images)
        with part2.small_images.SideBySide():
            scores = layer(images)
    assert was_laid_out(scores)
    assert scores.dtype == plain.dtype == torch.bfloat16
    assert torch.allclose(scores.float(), plain.float(), atol=0.05)
    scores.float().sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.dtype == torch.float32


def test_autocast_leaves_float64_as_it_is_here_too(part2: SimpleNamespace) -> None:
    layer, images = nn.Conv2d(2, 4, 3, padding=1).double(), torch.randn(9, 2, 7, 7, dtype=torch.float64)
    with torch.autocast("cpu", torch.bfloat16), part2.small_images.SideBySide():
        assert layer(images).dtype == torch.float64


def test_images_lie_in_rows_with_zeros_between_them(part2: SimpleNamespace) -> None:
    images = torch.arange(1.0, 13).reshape(3, 1, 2, 2)  # 1 2 over 3 4, and so on
    rows = part2.small_images.beside(images, 2, 1)
    expected = [[[1, 2, 0, 5, 6, 0], [3, 4, 0, 7, 8, 0]], [[9, 10, 0, 0, 0, 0], [11, 12, 0, 0, 0, 0]]]
    assert rows[:, 0].tolist() == expected


def test_precision_lays_them_out_on_processors(part2: SimpleNamespace) -> None:
    layer, images = nn.Conv2d(2, 4, 3, padding=1), torch.randn(5, 2, 7, 7)
    with part2.training.use_precision(layer, torch.device("cpu"), "bfloat16"):
        assert was_laid_out(layer(images))
    with part2.training.use_precision(layer, torch.device("cpu"), "float32"):
        assert not was_laid_out(layer(images))
