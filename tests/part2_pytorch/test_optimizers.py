"""The optimizers that a config can name."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn


@pytest.fixture
def optimizers(part2: SimpleNamespace) -> SimpleNamespace:
    return part2.optimizers


def small_network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 16, 4)
    )


def train(network: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> float:
    generator = torch.Generator().manual_seed(1)
    for _ in range(steps):
        x, y = torch.randn(16, 3, 4, 4, generator=generator), torch.arange(16) % 4
        x += y.float().view(-1, 1, 1, 1)
        loss = nn.functional.cross_entropy(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


@pytest.mark.parametrize("shape", [(8, 27), (27, 8), (16, 16), (1, 5)], ids=str)
def test_orthogonalising_keeps_singular_vectors_and_evens_singular_values(optimizers, shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    inner = u.T @ optimizers.orthogonalise(matrix, rounds=6) @ v.T
    values = inner.diag()
    assert torch.allclose(inner, values.diag(), atol=1e-9)
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_one_step_of_muon_on_an_orthogonal_gradient_is_by_the_formula(optimizers):
    basis, _ = torch.linalg.qr(torch.randn(6, 4, generator=torch.Generator().manual_seed(0)))
    weight = nn.Parameter(torch.full((4, 6), 2.0))
    weight.grad = basis.T.contiguous()
    optimizers.Muon([weight], 0.1, momentum=0.6).step()
    start = torch.full((4, 6), 2.0) * 2 / torch.full((4, 6), 2.0).norm()  # of length sqrt(F) = 2
    direction = (start - weight.detach()) / 0.1
    cosine = (direction * basis.T).sum() / direction.norm() / basis.norm()
    assert cosine > 0.999
    assert torch.linalg.svdvals(direction).min() > 0.5


def test_muon_takes_the_filters_and_adam_everything_else(optimizers, part2):
    network = small_network()
    optimizer = optimizers.make_optimizer(network, part2.training.Settings(optimizer="muon"))
    shapes = [[p.ndim for p in group["params"]] for group in optimizer.param_groups]
    assert shapes == [[4], [1, 1, 1, 2, 1]]
    assert next(group["scale"] for group in optimizer.param_groups) == 1.0


def test_what_is_frozen_stays(optimizers, part2):
    network = small_network()
    network[0].weight.requires_grad = False
    before = network[0].weight.clone()
    train(network, optimizers.make_optimizer(network, part2.training.Settings(learning_rate=0.05)), 3)
    assert torch.equal(network[0].weight, before)


def test_muon_learns_what_can_be_learned(optimizers, part2):
    network = small_network()
    settings = part2.training.Settings(optimizer="muon", learning_rate=0.1, momentum=0.6)
    optimizer = optimizers.make_optimizer(network, settings)
    assert train(network, optimizer, 60) < 0.5 * train(small_network(), optimizer, 1)


def test_muon_goes_on_after_a_break_as_if_there_had_been_none(optimizers, part2):
    settings = part2.training.Settings(optimizer="muon", learning_rate=0.1, momentum=0.6)
    unbroken, broken = small_network(), small_network()
    first = optimizers.make_optimizer(unbroken, settings)
    second = optimizers.make_optimizer(broken, settings)
    train(unbroken, first, 3)
    train(broken, second, 3)
    third = optimizers.make_optimizer(broken, settings)
    third.load_state_dict(second.state_dict())
    train(unbroken, first, 3)
    train(broken, third, 3)
    for one, other in zip(unbroken.parameters(), broken.parameters(), strict=True):
        assert torch.equal(one, other)
