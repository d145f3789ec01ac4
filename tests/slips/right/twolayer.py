import torch
from torch import nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.first = nn.Linear(input_dim, hidden_size)
        self.second = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        hidden = torch.sigmoid(self.first(x.reshape(x.shape[0], -1)))
        return self.second(hidden)
