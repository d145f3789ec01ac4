import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    counts = torch.as_tensor(cls_num_list, dtype=torch.float64)
    weights = (1 - beta) / (1 - beta**counts)
    return (weights / weights.sum() * len(weights)).float()


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.register_buffer("weight", weight)
        self.gamma = gamma
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, target):
        logp = self.softmax.forward(input).gather(1, target.view(-1, 1)).squeeze(1)
        scale = 1.0 if self.weight is None else self.weight[target]
        return (-scale * (1 - logp.exp()) ** self.gamma * logp).mean()
