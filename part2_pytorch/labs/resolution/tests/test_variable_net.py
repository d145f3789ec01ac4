"""VariableNet: its layers, any size of image, and both kinds of pooling."""

import torch
from networks import VariableNet

from .net_case import NetTestCase


class TestVariableNet(NetTestCase):
    def test_layers(self):
        """16, 32 and 81 filters of 3 x 3, and a linear layer of 81 inputs, all with a bias."""
        shapes, biases = self.sizes_of(VariableNet())
        self.assertEqual(shapes, [(16, 1, 3, 3), (32, 16, 3, 3), (81, 32, 3, 3), (10, 81)])
        self.assertEqual(biases, [16, 32, 81, 10])

    def test_by_hand(self):
        """With kernels that pass pixels on, 81 features of 0.5 add up to 40.5, for both kinds of pooling."""
        for pooling in ("max", "mean"):
            with self.subTest(pooling=pooling):
                self.by_hand(VariableNet(pooling=pooling), 81)

    def test_sizes(self):
        """Images of 8 to 64 pixels a side, square or not."""
        network = VariableNet(width=5, num_classes=3)
        for height, width in ((8, 8), (28, 28), (33, 64), (64, 20)):
            with self.subTest(height=height, width=width):
                self.assert_shape(network(torch.rand(2, 1, height, width)), (2, 3), "scores")

    def test_bright_corner(self):
        """One bright pixel in a large black image: the maximum keeps it, the mean divides it by 8 x 8."""
        image = torch.zeros(1, 1, 64, 64)
        image[0, 0, 60, 60] = 1.0
        for pooling, expected in (("max", 4.0), ("mean", 4.0 / 64)):
            network = VariableNet(width=4, pooling=pooling)
            with self.subTest(pooling=pooling), torch.no_grad():
                for parameter in network.parameters():
                    parameter.zero_()
                    if parameter.ndim == 4:
                        parameter[:, 0, 1, 1] = 1.0
                    if parameter.ndim == 2:
                        parameter.fill_(1.0)
                self.assert_close(network(image)[0, 0], torch.tensor(expected), "score")

    def test_mixed_sizes(self):
        """A list of images of different sizes is refused, in one sentence."""
        with self.assertRaisesRegex(ValueError, "different sizes cannot be in one batch"):
            VariableNet()([torch.rand(1, 32, 32), torch.rand(1, 48, 48)])
