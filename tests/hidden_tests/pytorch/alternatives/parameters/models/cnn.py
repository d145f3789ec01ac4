import torch
import torch.nn.functional as F
from torch import nn


class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.ParameterDict(
            {
                "scores": nn.Parameter(torch.randn(5408, 10) * 0.01),
                "bias": nn.Parameter(torch.zeros(10)),
                "filters": nn.Parameter(torch.randn(32, 3 * 7 * 7) * 0.05),
                "filter_bias": nn.Parameter(torch.zeros(32, 1)),
            }
        )

    def forward(self, x):
        columns = F.unfold(x, 7)  # (N, C*K*K, places)
        features = (self.p["filters"] @ columns + self.p["filter_bias"]).view(-1, 32, 26, 26)
        features = F.max_pool2d(features, 2).clamp(min=0)
        return features.reshape(len(x), -1) @ self.p["scores"] + self.p["bias"]
