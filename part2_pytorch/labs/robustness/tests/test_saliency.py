"""GradAttention on a linear network: the largest absolute weight over the channels."""

import torch
from labs.common.torch_case import TorchTestCase
from saliency import GradAttention

from .linear_net import linear_net


class TestSaliency(TorchTestCase):
    def test_largest_weight(self):
        """The gradient of minus the score is the weight."""
        model, weight = linear_net()
        explain = GradAttention(lambda scores, labels: -scores.gather(1, labels[:, None]).mean()).explain
        maps = explain(model, torch.rand(3, 3, 2, 2))
        self.assert_close(maps, weight.abs().amax(dim=1, keepdim=True).expand(3, 1, 2, 2), "maps")
