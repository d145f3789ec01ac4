"""PGDAttack on a linear network: every pixel goes epsilon, up or down."""

import torch
from attacks import PGDAttack
from labs.common.torch_case import TorchTestCase
from torch import nn

from .linear_net import linear_net


class TestAttack(TorchTestCase):
    def setUp(self):
        super().setUp()
        self.model, self.weight = linear_net()
        self.images = (
            torch.full((2, 3, 2, 2), 0.5) + torch.tensor([0.01, -0.01]).view(2, 1, 1, 1) * self.weight
        )
        self.attack = PGDAttack(nn.CrossEntropyLoss(), num_steps=4, step_size=0.02, epsilon=0.05)

    def test_with_labels(self):
        """Up the loss of label 0: against its weight."""
        attacked = self.attack.perturb(self.model, self.images, torch.zeros(2, dtype=torch.int64))
        self.assert_close(attacked, self.images - 0.05 * self.weight.sign(), "attacked images")

    def test_least_likely(self):
        """Down the loss of the least likely label: class 1 for the first image, class 0 for the second."""
        attacked = self.attack.perturb(self.model, self.images)
        towards = torch.tensor([-1.0, 1.0]).view(2, 1, 1, 1) * self.weight.sign()
        self.assert_close(attacked, self.images + 0.05 * towards, "attacked images")

    def test_box(self):
        """A black image cannot become darker."""
        attacked = self.attack.perturb(self.model, torch.zeros(1, 3, 2, 2), torch.zeros(1, dtype=torch.int64))
        self.assert_close(attacked, (-0.05 * self.weight.sign()).clamp(min=0), "attacked image")

    def test_everything_is_left_as_it_was(self):
        """Mode, gradients and images are the same as before."""
        self.model.train()
        before = self.images.clone()
        attacked = self.attack.perturb(self.model, self.images, torch.zeros(2, dtype=torch.int64))
        self.assertTrue(self.model.training, "the network is in another mode")
        self.assertIsNone(self.model[1].weight.grad, "gradients are left at the parameters")
        self.assert_close(self.images, before, "images")
        self.assertFalse(attacked.requires_grad, "the result is attached to a graph")

    def test_normalised_images_are_refused(self):
        """Images that are already normalised are not in [0, 1]."""
        with self.assertRaisesRegex(ValueError, r"expected images in \[0, 1\]"):
            self.attack.perturb(self.model, self.images - 2)
