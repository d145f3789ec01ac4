"""conv2d_unfold: by hand, and compared with torch's own convolution."""

import torch
from convolution import conv2d_unfold

from .conv_case import ConvTestCase


class TestUnfold(ConvTestCase):
    def test_by_hand(self):
        """An image of 1 to 9 and a kernel [[1, 2], [3, 4]]: 1 + 4 + 12 + 20 = 37 at the first position."""
        x = torch.arange(1.0, 10).view(1, 1, 3, 3)
        out = conv2d_unfold(x, torch.tensor([[[[1.0, 2], [3, 4]]]]))
        self.assert_close(out, torch.tensor([[[[37.0, 47], [67, 77]]]]), "out")

    def test_like_torch(self):
        """Kernels of 1 to 7 pixels with stride, padding and dilation, with and without a bias."""
        self.assert_like_torch(conv2d_unfold)
        x, weight, _ = self.inputs((2, 3, 5, 6), 4, 3)
        self.assert_close(
            conv2d_unfold(x, weight), torch.nn.functional.conv2d(x, weight), "out without a bias"
        )

    def test_gradients(self):
        """torch finds the gradients by itself."""
        self.assert_like_torch(conv2d_unfold, gradients=True)

    def test_a_kernel_that_does_not_fit(self):
        """A kernel larger than the padded image is refused, with both sizes."""
        with self.assertRaisesRegex(ValueError, "covers 5 x 5 pixels does not fit .* of 4 x 6"):
            conv2d_unfold(torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 5, 5), padding=1)
