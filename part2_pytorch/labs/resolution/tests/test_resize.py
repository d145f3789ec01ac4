"""resize: bilinear, with antialiasing."""

import torch
from images import resize
from labs.common.torch_case import TorchTestCase


class TestResize(TorchTestCase):
    def test_thin_stroke(self):
        """A stroke of one pixel, in whichever column it is, keeps a quarter of its light at a quarter size.

        Without antialiasing, half of these strokes would vanish.
        """
        for column in range(16, 48):
            images = torch.zeros(1, 1, 64, 64)
            images[:, :, :, column] = 1.0
            self.assert_close(resize(images, 16).sum(dim=3), torch.full((1, 1, 16), 0.25), "sum of a row")

    def test_enlarge(self):
        """Two pixels become four: 0, 0.25, 0.75, 1; the borders of the image stay its borders."""
        out = resize(torch.tensor([[[[0.0, 1.0], [0.0, 1.0]]]]), 4)
        self.assert_close(out[0, 0, 0], torch.tensor([0.0, 0.25, 0.75, 1.0]), "a row of out")

    def test_sizes(self):
        """28 pixels by default; images that are not square become square."""
        self.assert_shape(resize(torch.rand(2, 1, 64, 48)), (2, 1, 28, 28), "out")
        self.assert_shape(resize(torch.rand(2, 3, 20, 20), 12), (2, 3, 12, 12), "out")

    def test_bytes(self):
        """Bytes are refused."""
        with self.assertRaisesRegex(ValueError, "divide bytes by 255"):
            resize(torch.zeros(1, 1, 4, 4, dtype=torch.uint8))
