"""TwoLayerNet: its size, and its scores against the formula."""

import torch
from models import TwoLayerNet
from torch import nn

from .torch_case import TorchTestCase, count_parameters, layers_of, set_parameters


class TestTwoLayerNet(TorchTestCase):
    def test_number_of_parameters(self):
        """(3072 + 1) * 256 in the first layer, (256 + 1) * 10 in the second: 789,258."""
        self.assertEqual(count_parameters(TwoLayerNet(3072, 256, 10)), 789_258)

    def test_sizes_are_those_of_the_arguments(self):
        """12 numbers, 5 units, 4 classes: 13 * 5 + 6 * 4 = 89 parameters, and 4 scores per image."""
        model = TwoLayerNet(12, 5, 4)
        self.assertEqual(count_parameters(model), 89)
        self.assert_shape(model(torch.randn(3, 3, 2, 2)), (3, 4), "scores")

    def test_formula(self):
        """The scores are W2 sigmoid(W1 x + b1) + b2, nothing before and nothing after."""
        model = TwoLayerNet(12, 5, 4)
        layers = layers_of(model, nn.Linear)
        self.assertEqual(len(layers), 2, "TwoLayerNet has two nn.Linear")
        (w1, b1), (w2, b2) = (set_parameters(layer) for layer in layers)
        x = torch.randn(6, 3, 2, 2)
        units = 1 / (1 + torch.exp(-(x.reshape(6, 12) @ w1.T + b1)))
        self.assert_close(model(x), units @ w2.T + b2, "scores")

    def test_one_image(self):
        """A batch of one image stays a batch: (1, classes)."""
        self.assert_shape(TwoLayerNet(12, 5, 4)(torch.randn(1, 3, 2, 2)), (1, 4), "scores")

    def test_every_parameter_learns(self):
        """A loss of the scores has a gradient for every parameter."""
        model = TwoLayerNet(12, 5, 4)
        model(torch.randn(3, 3, 2, 2)).square().sum().backward()
        for name, parameter in model.named_parameters():
            self.assertIsNotNone(parameter.grad, f"{name} gets no gradient")
