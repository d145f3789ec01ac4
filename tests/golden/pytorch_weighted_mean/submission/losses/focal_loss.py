import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    weights = []
    for n in cls_num_list:
        weights.append((1 - beta) / (1 - beta**n))
    total = sum(weights)
    return torch.tensor([len(cls_num_list) * w / total for w in weights])


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        assert gamma >= 0
        self.gamma = gamma
        self.weight = weight

    def forward(self, input, target):
        ce = nn.functional.cross_entropy(input, target, reduction="none")
        p = torch.exp(-ce)
        w = self.weight[target]
        return (w * (1 - p) ** self.gamma * ce).sum() / w.sum()
