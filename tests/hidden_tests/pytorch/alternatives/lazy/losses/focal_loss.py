import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    n = torch.tensor(cls_num_list).float()
    w = 1 / (1 - torch.pow(beta, n))  # the factor 1 - beta goes with the scaling
    return w / w.mean()


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight = weight
        self.gamma = gamma
        self.cross_entropy = nn.CrossEntropyLoss(reduction="none")

    def forward(self, input, target):
        ce = self.cross_entropy(input, target)
        pt = torch.exp(-ce)
        return torch.mean(self.weight[target] * (1 - pt).pow(self.gamma) * ce)
