import torch
import torch.nn as nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.fc2 = nn.Linear(hidden_size, num_classes)
        self.fc1 = nn.Linear(input_dim, hidden_size)

    def forward(self, x):
        N = x.shape[0]
        x = x.view(N, -1)
        h = 1 / (1 + torch.exp(-self.fc1(x)))
        return self.fc2(h)
