import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    weights = []
    for n in cls_num_list:
        weights.append((1 - beta) / (1 - beta**n))
    total = sum(weights)
    return torch.tensor([w * len(weights) / total for w in weights])


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight = weight
        self.gamma = gamma

    def forward(self, input, target):
        exps = torch.exp(input)
        total = 0
        for n in range(input.shape[0]):
            y = int(target[n])
            p = exps[n, y] / exps[n].sum()
            total = total - self.weight[y] * (1 - p) ** self.gamma * torch.log(p)
        return total / input.shape[0]
