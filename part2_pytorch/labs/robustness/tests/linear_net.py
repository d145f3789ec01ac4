"""A linear network, of which every gradient is known."""

import torch
from torch import nn


def linear_net():
    """Return a network on images (N, 3, 2, 2) with two classes; at every pixel they want opposite things."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    weight = torch.linspace(-1, 1, 12)
    with torch.no_grad():
        model[1].weight.copy_(torch.stack([weight, -weight]))
        model[1].bias.zero_()
    return model.eval(), weight.view(1, 3, 2, 2)
