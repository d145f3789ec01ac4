"""CustomConv2DFunction: values, gradients, and what the rest of torch expects of it."""

import torch
from convolution import CustomConv2DFunction, custom_conv2d
from torch import nn

from .conv_case import ConvTestCase


class TestFunction(ConvTestCase):
    def test_forward(self):
        """Like torch, for kernels of 1 to 7 pixels with stride, padding and dilation."""
        self.assert_like_torch(custom_conv2d)

    def test_backward(self):
        """dx, dweight and dbias like torch."""
        self.assert_like_torch(custom_conv2d, gradients=True)

    def test_gradcheck(self):
        """In float64 the gradients are those of small steps."""
        leaves = [one.detach().double().requires_grad_() for one in self.inputs((2, 2, 4, 5), 3, 3)]
        self.assertTrue(torch.autograd.gradcheck(lambda *args: custom_conv2d(*args, 2, 1), leaves))

    def test_gradient_in_any_layout(self):
        """The gradient of a sum over rows is expanded: view cannot flatten it, reshape can."""
        x, weight, bias = self.inputs((2, 3, 5, 6), 4, 3)
        custom_conv2d(x, weight, bias).sum(dim=3).square().sum().backward()
        (expected,) = torch.autograd.grad(
            nn.functional.conv2d(x, weight, bias).sum(dim=3).square().sum(), weight
        )
        self.assert_close(weight.grad, expected, "dweight")

    def test_relu_in_place(self):
        """A ReLU in place may follow: forward returns new memory."""
        x, weight, bias = self.inputs((2, 3, 5, 6), 4, 3)
        out = nn.functional.relu(custom_conv2d(x, weight, bias), inplace=True)
        self.assert_close(out, nn.functional.conv2d(x, weight, bias).relu(), "out")

    def test_none_where_no_gradient_is_needed(self):
        """An image needs no gradient: backward returns None for it."""
        x, weight, bias = self.inputs((2, 3, 5, 6), 4, 3)
        out = custom_conv2d(x.detach(), weight, bias)
        found = CustomConv2DFunction.backward(out.grad_fn, torch.ones_like(out))
        self.assertIsNone(found[0], "dx is computed although nobody needs it; see ctx.needs_input_grad")

    def test_what_is_kept(self):
        """Only x and weight are kept between forward and backward."""
        kept = []
        x, weight, bias = self.inputs((2, 8, 12, 12), 8, 3)
        with torch.autograd.graph.saved_tensors_hooks(lambda one: kept.append(one) or one, lambda one: one):
            custom_conv2d(x, weight, bias)
        self.assertLessEqual(sum(one.numel() for one in kept), 1.1 * (x.numel() + weight.numel()))
