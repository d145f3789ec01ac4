"""CustomConv2d, as a replacement of nn.Conv2d."""

import torch
from convolution import CustomConv2d
from simple_net import SimpleNet
from torch import nn

from .conv_case import ConvTestCase


class TestLayer(ConvTestCase):
    def test_state_dict(self):
        """A state_dict of nn.Conv2d fits, and then the outputs are the same."""
        for settings in ({"stride": 2, "padding": 1}, {"dilation": 2, "bias": False}):
            theirs, ours = nn.Conv2d(3, 4, 3, **settings), CustomConv2d(3, 4, 3, **settings)
            ours.load_state_dict(theirs.state_dict())
            x = torch.randn(2, 3, 8, 9)
            self.assert_close(ours(x), theirs(x), f"out with {settings}")

    def test_initialisation(self):
        """Weight and bias are drawn uniformly from [-b, b], b = 1 / sqrt(C * K * K)."""
        layer = CustomConv2d(16, 64, 5)
        for name, parameter in layer.named_parameters():
            scaled = parameter.detach() * (16 * 5 * 5) ** 0.5
            self.assertLessEqual(scaled.abs().max().item(), 1.0001, name)
            self.assertAlmostEqual(scaled.std().item(), 3**-0.5, delta=0.12, msg=name)

    def test_groups(self):
        """Groups are refused."""
        with self.assertRaisesRegex(ValueError, "expected groups=1, got 3"):
            CustomConv2d(3, 6, 3, groups=3)

    def test_simple_net(self):
        """SimpleNet takes the layer, and has 365,028 parameters with it."""
        network = SimpleNet(conv_op=CustomConv2d)
        self.assertEqual(sum(one.numel() for one in network.parameters()), 365_028)
        self.assertEqual(network(torch.randn(2, 3, 33, 40)).shape, (2, 100))
