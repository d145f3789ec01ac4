import math

import torch
from torch import nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(input_dim, hidden_size) / math.sqrt(input_dim))
        self.b1 = nn.Parameter(torch.zeros(1, hidden_size))
        self.W2 = nn.Parameter(torch.randn(hidden_size, num_classes) / math.sqrt(hidden_size))
        self.b2 = nn.Parameter(torch.zeros(1, num_classes))

    def forward(self, x):
        h = torch.sigmoid(x.reshape(x.shape[0], -1) @ self.W1 + self.b1)
        return torch.einsum("nh,hc->nc", h, self.W2) + self.b2
