"""The reference losses against torch's cross entropy and against numeric gradients."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

law = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 10**6)


@law
@given(counts=st.lists(st.integers(1, 10**5), min_size=1, max_size=20), beta=st.floats(0, 0.99999))
def test_weights_sum_to_the_number_of_classes_and_fall_with_the_counts(
    part2: SimpleNamespace, counts: list[int], beta: float
) -> None:
    weights = part2.losses.reweight(counts, beta=beta)
    assert weights.dtype == torch.float32
    assert float(weights.sum()) == pytest.approx(len(counts), rel=1e-5)
    order = torch.tensor(counts).argsort()
    assert (weights[order].diff() <= 1e-6).all()


def test_weights_are_those_of_the_interface(part2: SimpleNamespace) -> None:
    expected = torch.tensor([0.4043, 0.6652, 1.1011, 1.8294])
    torch.testing.assert_close(part2.losses.reweight([645, 387, 232, 139]), expected, atol=5e-5, rtol=0)


@law
@given(seed=SEEDS, count=st.integers(1, 6), classes=st.integers(2, 5), gamma=st.sampled_from([0.0, 1.0, 2.5]))
def test_the_loss_is_cross_entropy_sample_by_sample_times_its_factors(
    part2: SimpleNamespace, seed: int, count: int, classes: int, gamma: float
) -> None:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(count, classes, generator=generator)
    target = torch.randint(classes, (count,), generator=generator)
    weight = torch.rand(classes, generator=generator) + 0.1
    each = F.cross_entropy(scores, target, reduction="none")
    expected = (weight[target] * (1 - torch.exp(-each)) ** gamma * each).sum() / count
    torch.testing.assert_close(part2.losses.FocalLoss(weight=weight, gamma=gamma)(scores, target), expected)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_the_gradient_is_the_numeric_one(part2: SimpleNamespace, gamma: float) -> None:
    torch.manual_seed(1)
    scores = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    target = torch.tensor([0, 2, 2, 1])
    criterion = part2.losses.FocalLoss(weight=torch.tensor([0.5, 2.0, 1.0]), gamma=gamma)
    assert torch.autograd.gradcheck(lambda x: criterion(x, target), (scores,))


def test_a_negative_gamma_is_refused(part2: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match=r"^FocalLoss: expected gamma of at least 0, got -1\.$"):
        part2.losses.FocalLoss(gamma=-1)
