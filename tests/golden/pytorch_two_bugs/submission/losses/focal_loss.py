import torch
import torch.nn as nn


def reweight(cls_num_list, beta=0.9999):
    n = torch.tensor(cls_num_list, dtype=torch.float)
    per_cls_weights = 1.0 / n
    return per_cls_weights / per_cls_weights.sum() * len(n)


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        if gamma < 0:
            raise ValueError("gamma")
        self.gamma, self.weight = gamma, weight

    def forward(self, input, target):
        logp = torch.log_softmax(input, dim=-1)[torch.arange(len(target)), target]
        focal = -((1 - logp.exp()) ** self.gamma) * logp
        if self.weight is not None:
            focal = focal * self.weight[target]
        return focal.sum() / len(target)
