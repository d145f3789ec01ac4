import torch
from torch import nn


class Dense(nn.Module):
    """A linear layer whose bias is the last row of its weight."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.theta = nn.Parameter(torch.randn(inputs + 1, outputs) / inputs**0.5)

    def forward(self, x):
        ones = torch.ones(len(x), 1, dtype=x.dtype, device=x.device)
        return torch.cat([x, ones], dim=1) @ self.theta


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.out = Dense(hidden_size, num_classes)
        self.inp = Dense(input_dim, hidden_size)

    def forward(self, x):
        return self.out.forward(torch.sigmoid(self.inp.forward(x.flatten(1))))
