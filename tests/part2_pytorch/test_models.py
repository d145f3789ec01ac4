"""The reference networks: their sizes, and what MyModel promises beyond its shape."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from torch import nn

SIZES = {"TwoLayerNet": 789_258, "VanillaCNN": 58_826, "resnet32": 464_154}


def make(part2: SimpleNamespace, name: str) -> nn.Module:
    maker = getattr(part2.models, name)
    model: nn.Module = maker(3072, 256, 10) if name == "TwoLayerNet" else maker()
    return model


@pytest.mark.parametrize(("name", "size"), SIZES.items(), ids=SIZES)
def test_a_network_has_the_size_of_the_interface(part2: SimpleNamespace, name: str, size: int) -> None:
    assert sum(parameter.numel() for parameter in make(part2, name).parameters()) == size


@pytest.mark.parametrize("name", [*SIZES, "MyModel"])
def test_scores_are_raw_and_of_the_right_shape(part2: SimpleNamespace, name: str) -> None:
    torch.manual_seed(0)
    scores = make(part2, name).train()(torch.randn(3, 3, 32, 32))
    assert scores.shape == (3, 10)
    assert (scores < 0).any()
    assert not torch.allclose(scores.exp().sum(dim=1), torch.ones(3), atol=1e-3)


def test_resnet32_has_32_layers_with_weights(part2: SimpleNamespace) -> None:
    layers = [m for m in make(part2, "resnet32").modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    assert len(layers) == 32


def test_resnets_shortcut_keeps_every_second_pixel_and_pads_channels_on_both_sides(
    part2: SimpleNamespace,
) -> None:
    block = make(part2, "resnet32").stage2[0]  # type: ignore[index, union-attr]
    x = torch.randn(1, 16, 4, 6)
    out = block.shortcut(x)
    assert out.shape == (1, 32, 2, 3)
    assert torch.equal(out[:, 8:24], x[:, :, ::2, ::2])
    assert not out[:, :8].any() and not out[:, 24:].any()


def test_my_model_begins_without_an_opinion(part2: SimpleNamespace) -> None:
    torch.manual_seed(0)
    scores = make(part2, "MyModel").train()(torch.randn(16, 3, 32, 32))
    loss = nn.functional.cross_entropy(scores, torch.arange(16) % 10)
    assert abs(float(loss.detach()) - math.log(10)) < 0.2


def test_my_model_is_tested_on_two_views_of_a_image(part2: SimpleNamespace) -> None:
    torch.manual_seed(0)
    model, x, seen = make(part2, "MyModel").eval(), torch.randn(3, 3, 32, 32), []
    model.whiten.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    with torch.no_grad():
        torch.testing.assert_close(model(x)[1:2], model(x[1:2]), atol=1e-5, rtol=1e-4)
    up, mirrored = seen[0].chunk(2)  # moved up and left by a pixel; down and right, seen in a mirror
    assert torch.equal(up[:, :, :-1, :-1], x[:, :, 1:, 1:])
    assert torch.equal(mirrored.flip(3)[:, :, 1:, 1:], x[:, :, :-1, :-1])


def test_my_models_checkpoint_is_below_20_megabytes(part2: SimpleNamespace) -> None:
    state = make(part2, "MyModel").state_dict()
    assert sum(value.numel() * value.element_size() for value in state.values()) < 20e6
