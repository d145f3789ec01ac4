"""VanillaCNN: its size, and its scores against the formula."""

import torch
import torch.nn.functional as F
from models import VanillaCNN
from torch import nn

from .torch_case import TorchTestCase, count_parameters, layers_of, set_parameters


class TestVanillaCNN(TorchTestCase):
    def test_number_of_parameters(self):
        """(3 * 7 * 7 + 1) * 32 in the filters, (5408 + 1) * 10 in the linear layer: 58,826."""
        model = VanillaCNN()
        model(torch.zeros(2, 3, 32, 32))  # lazy layers know their sizes only now
        self.assertEqual(count_parameters(model), 58_826)

    def test_shape(self):
        """Ten scores per image, also for a batch of one image."""
        model = VanillaCNN()
        for count in (4, 1):
            with self.subTest(images=count):
                self.assert_shape(model(torch.randn(count, 3, 32, 32)), (count, 10), "scores")

    def test_formula(self):
        """The scores are linear(flatten(pool(relu(conv(x)))))."""
        model = VanillaCNN()
        x = torch.randn(3, 3, 32, 32)
        model(x)
        (convolution,) = layers_of(model, nn.Conv2d)
        (linear,) = layers_of(model, nn.Linear)
        weight, bias = set_parameters(convolution)
        features = F.conv2d(x, weight, bias).clamp(min=0)
        pooled = features.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5))
        weight, bias = set_parameters(linear)
        self.assert_close(model(x), pooled.reshape(3, 5408) @ weight.T + bias, "scores")

    def test_input_is_left_alone(self):
        """Forward reads x and does not change it."""
        x = torch.randn(2, 3, 32, 32)
        before = x.clone()
        VanillaCNN()(x)
        self.assertTrue(torch.equal(x, before), "x was changed; did a layer work in place?")

    def test_every_parameter_learns(self):
        """A loss of the scores has a gradient for every parameter."""
        model = VanillaCNN()
        model(torch.randn(2, 3, 32, 32)).square().sum().backward()
        for name, parameter in model.named_parameters():
            self.assertIsNotNone(parameter.grad, f"{name} gets no gradient")
