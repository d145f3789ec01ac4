"""Networks that the probes of the lab on robustness attack: what an attack should find there is known."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class LinearNet(nn.Linear):
    """Scores that are linear in the pixels; remembers what it saw."""

    def __init__(self, weight: Any, bias: Any) -> None:
        super().__init__(weight.shape[1], weight.shape[0])
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.seen: list[Any] = []

    def forward(self, input: Any) -> Any:
        """Return the scores."""
        self.seen.append(input.detach().clone())
        return super().forward(input.flatten(start_dim=1))


class Hills(nn.Module):
    """Two classes; the loss of the first has a hill on either side of grey, the higher where it is bright."""

    def __init__(self, epsilon: float) -> None:
        super().__init__()
        self.epsilon = epsilon

    def forward(self, input: Any) -> Any:
        """Return the scores."""
        side = ((input - 0.5) / self.epsilon).flatten(start_dim=1).mean(dim=1)
        return torch.stack([torch.zeros_like(side), 4 * side.square() + 0.2 * side], dim=1)


class Moody(nn.Module):
    """A network whose outputs depend on its mode; remembers in which it ran."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5), nn.Flatten(), nn.LazyLinear(5)
        )
        self.modes: list[bool] = []

    def forward(self, input: Any) -> Any:
        """Return the scores."""
        self.modes.append(self.training or self.layers[1].training)
        return self.layers(input)
