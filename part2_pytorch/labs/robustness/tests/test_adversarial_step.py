"""fast_adversarial_step: without noise by hand; with noise, what holds for every draw."""

import torch
from labs.common.torch_case import TorchTestCase
from torch.nn import functional as F
from training import fast_adversarial_step

from .linear_net import linear_net


class TestStep(TorchTestCase):
    def test_without_noise(self):
        """The network learns from images that are moved by epsilon against the weight of their label."""
        (model, weight), (other, _) = linear_net(), linear_net()
        images, labels = torch.full((2, 3, 2, 2), 0.5), torch.zeros(2, dtype=torch.int64)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        loss = fast_adversarial_step(model.train(), images, labels, optimizer, epsilon=0.05, noise=0.0)
        expected = F.cross_entropy(other(images - 0.05 * weight.sign()), labels)
        self.assert_close(loss, expected.detach(), "loss")
        (gradient,) = torch.autograd.grad(expected, other[1].weight)
        self.assert_close(model[1].weight, other[1].weight - 0.1 * gradient, "weight after the step")

    def test_noise_and_clip(self):
        """With clip no pixel is further than epsilon away; without, some are."""
        for clip in (True, False):
            model, _ = linear_net()
            seen = []
            model.register_forward_pre_hook(lambda module, given, seen=seen: seen.append(given[0].detach()))
            images = torch.full((50, 3, 2, 2), 0.5)
            optimizer = torch.optim.SGD(model.parameters(), 0.1)
            labels = torch.zeros(50, dtype=torch.int64)
            fast_adversarial_step(model.train(), images, labels, optimizer, epsilon=0.05, clip=clip)
            furthest = (seen[-1] - images).abs().max().item()
            self.assertEqual(
                furthest < 0.0501, clip, f"clip={clip}: the furthest pixel moved by {furthest:.3f}"
            )
