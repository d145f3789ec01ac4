import torch.nn as nn
import torch.nn.functional as F


class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5408, 10)
        self.c1 = nn.Conv2d(3, 32, 7)

    def forward(self, x):
        x = F.max_pool2d(self.c1(x), 2)  # ReLU and the largest entry may change places
        return self.fc(F.relu(x).view(-1, 5408))
