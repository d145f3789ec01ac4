"""robust_accuracy: a share of images."""

import torch
from attacks import robust_accuracy
from labs.common.torch_case import TorchTestCase

from .linear_net import linear_net


class Nothing:
    def perturb(self, model, input, labels=None):
        return input


class TestEvaluation(TorchTestCase):
    def test_share(self):
        """Three of five are right, whatever the batches."""
        model, weight = linear_net()
        images = (0.5 + 0.1 * weight).expand(5, 3, 2, 2)
        labels = torch.tensor([0, 0, 0, 1, 1])
        for batch_size in (1, 2, 5):
            found = robust_accuracy(model, images, labels, Nothing(), batch_size=batch_size)
            self.assertAlmostEqual(found, 0.6)

    def test_training_mode_is_refused(self):
        """In training mode the accuracy would depend on the batch."""
        model, _ = linear_net()
        with self.assertRaisesRegex(ValueError, "call model.eval"):
            robust_accuracy(model.train(), torch.zeros(1, 3, 2, 2), torch.zeros(1), Nothing())
