"""The figures of the handout are drawn, and what they show is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import matplotlib
import numpy as np
import pytest
import torch

matplotlib.use("agg")
import matplotlib.pyplot as plt

FIGURES = (
    "windows", "columns", "pooling", "relu", "products", "chain", "momentum", "images", "schedule",
    "class_sizes", "focal",
)  # fmt: skip


@pytest.fixture
def drawings(extension: Callable[[str], ModuleType]) -> Iterator[ModuleType]:
    yield extension("handout/drawings.py")
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_one_and_is_drawn(drawings: ModuleType, name: str) -> None:
    getattr(drawings, name)()
    assert len(plt.get_fignums()) == 1
    plt.gcf().canvas.draw()
    assert len(np.unique(np.asarray(plt.gcf().canvas.buffer_rgba()))) > 2  # type: ignore[attr-defined]


def test_pooling_shows_the_gradients_that_torch_finds(drawings: ModuleType) -> None:
    drawings.pooling()
    shown = [np.array([float(text.get_text()) for text in axis.texts]) for axis in plt.gcf().axes]
    x = torch.tensor(shown[0].reshape(1, 1, 3, 3), requires_grad=True)
    out = torch.nn.functional.max_pool2d(x, 2, stride=1)
    out.backward(torch.tensor(shown[2].reshape(1, 1, 2, 2)))
    assert out.detach().numpy().ravel().tolist() == shown[1].tolist()
    assert x.grad is not None
    assert x.grad.numpy().ravel().tolist() == shown[3].tolist()


def test_the_cross_entropy_of_the_figure_is_torchs(drawings: ModuleType) -> None:
    drawings.focal()
    p, loss = plt.gca().lines[0].get_data()
    scores = torch.tensor(np.stack([np.log(p[:-1]), np.log1p(-np.asarray(p)[:-1])], axis=1))
    right = torch.nn.functional.cross_entropy(
        scores, torch.zeros(len(scores), dtype=torch.long), reduction="none"
    )
    np.testing.assert_allclose(np.asarray(loss)[:-1], right.numpy(), atol=1e-12)
