"""What the tests of this lab share: inputs of every setting, and torch's own convolution to compare with."""

import torch
from labs.common.torch_case import TorchTestCase

SETTINGS = (  # images, filters, K, and stride, padding, dilation
    ((2, 3, 5, 5), 4, 3, (1, 1, 1)),
    ((1, 2, 6, 9), 3, 3, (1, 0, 1)),  # H is not W
    ((2, 9, 8, 7), 3, 3, (2, 1, 1)),  # rows or columns are left over
    ((2, 3, 7, 7), 4, 1, (3, 0, 1)),
    ((2, 3, 11, 9), 4, 7, (2, 3, 1)),
    ((2, 9, 7, 8), 4, 2, (1, 1, 2)),
    ((1, 3, 4, 4), 2, 6, (1, 1, 1)),  # one window
)


class ConvTestCase(TorchTestCase):
    def inputs(self, shape, filters, kernel):
        """Return x, weight and bias that want gradients."""
        sizes = (shape, (filters, shape[1], kernel, kernel), (filters,))
        return [torch.randn(size).requires_grad_() for size in sizes]

    def assert_like_torch(self, convolve, *, gradients=False):
        """Fail where `convolve` differs from torch's convolution for one of the settings."""
        for shape, filters, kernel, how in SETTINGS:
            given = f"x {shape}, K {kernel}, stride {how[0]}, padding {how[1]}, dilation {how[2]}"
            leaves = self.inputs(shape, filters, kernel)
            expected = torch.nn.functional.conv2d(*leaves, *how)
            out = convolve(*leaves, *how)
            self.assert_close(out, expected, f"out for {given}")
            if gradients:
                dout = torch.randn(expected.shape)
                found = torch.autograd.grad(out, leaves, dout)
                right = torch.autograd.grad(expected, leaves, dout)
                for name, got, wanted in zip(("dx", "dweight", "dbias"), found, right, strict=True):
                    self.assert_close(got, wanted, f"{name} for {given}")
