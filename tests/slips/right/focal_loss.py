import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    numbers = torch.tensor(cls_num_list, dtype=torch.float64)
    effective = (1 - beta**numbers) / (1 - beta)
    weights = 1 / effective
    weights = weights / weights.sum() * len(cls_num_list)
    return weights.float()


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        assert gamma >= 0
        self.weight, self.gamma = weight, gamma

    def forward(self, input, target):
        probs = torch.softmax(input, dim=1)
        rows = torch.arange(len(target))
        pt = probs[rows, target]
        logpt = torch.log(pt)
        alpha = torch.ones_like(pt) if self.weight is None else self.weight[target]
        loss = -alpha * (1 - pt) ** self.gamma * logpt
        return loss.mean()
