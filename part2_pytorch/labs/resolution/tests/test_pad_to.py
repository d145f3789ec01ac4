"""pad_to: the image in the middle of a black square."""

import torch
from images import pad_to
from labs.common.torch_case import TorchTestCase


class TestPad(TorchTestCase):
    def test_by_hand(self):
        """2 x 2 pixels in the middle of 5 x 5: one row above, two below."""
        out = pad_to(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 5)
        expected = torch.zeros(1, 1, 5, 5)
        expected[0, 0, 1, 1:3] = torch.tensor([1.0, 2.0])
        expected[0, 0, 2, 1:3] = torch.tensor([3.0, 4.0])
        self.assert_close(out, expected, "out")

    def test_not_square(self):
        """2 x 4 pixels in 6 x 6: two rows above and below, one column left and right."""
        images = torch.rand(3, 2, 2, 4)
        out = pad_to(images, 6)
        self.assert_shape(out, (3, 2, 6, 6), "out")
        self.assert_close(out[:, :, 2:4, 1:5], images, "the middle of out")
        self.assert_close(out.sum(), images.sum(), "sum of all pixels")

    def test_bytes(self):
        """Bytes stay bytes, and images that fit already stay as they are."""
        images = torch.randint(1, 256, (2, 1, 4, 4), dtype=torch.uint8)
        self.assertEqual(pad_to(images, 8).dtype, torch.uint8)
        self.assert_close(pad_to(images, 4), images, "out")

    def test_too_large(self):
        """Images that are larger than the square are refused."""
        with self.assertRaisesRegex(ValueError, "at most 4 x 4 pixels, got 3 x 5"):
            pad_to(torch.zeros(1, 1, 3, 5), 4)
