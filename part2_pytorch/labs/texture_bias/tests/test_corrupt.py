"""corrupt: small images by hand, and what noise has in common."""

import torch
from corruptions import SEVERITIES, corrupt
from labs.common.torch_case import TorchTestCase


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


class TestCorrupt(TorchTestCase):
    def test_brightness(self):
        """Severity 2 adds 0.2, and nothing goes above 1."""
        images = torch.tensor([0.1, 0.5, 0.9]).reshape(1, 3, 1, 1).expand(1, 3, 2, 2)
        expected = torch.tensor([0.3, 0.7, 1.0]).reshape(1, 3, 1, 1).expand(1, 3, 2, 2)
        self.assert_close(corrupt(images, "brightness", 2, generator=generator()), expected, "images")

    def test_contrast(self):
        """Severity 1 keeps 0.4 of the distance from the channel's mean: 0.2, 0.6 become 0.32, 0.48."""
        images = torch.tensor([[0.2, 0.6], [0.1, 0.3], [0.5, 0.5]]).reshape(1, 3, 1, 2)
        expected = torch.tensor([[0.32, 0.48], [0.16, 0.24], [0.5, 0.5]]).reshape(1, 3, 1, 2)
        self.assert_close(corrupt(images, "contrast", 1, generator=generator()), expected, "images")

    def test_pixelate(self):
        """At severity 2, 4 x 4 pixels become 2 x 2 averages; at severity 3, 10 x 10 become 4 x 4."""
        images = torch.arange(16.0).reshape(1, 1, 4, 4).expand(1, 3, 4, 4) / 16
        blocks = torch.tensor([[2.5, 4.5], [10.5, 12.5]]) / 16
        expected = blocks.repeat_interleave(2, 0).repeat_interleave(2, 1).expand(1, 3, 4, 4)
        self.assert_close(corrupt(images, "pixelate", 2, generator=generator()), expected, "images")
        found = corrupt(torch.rand(1, 3, 10, 10), "pixelate", 3, generator=generator())
        self.assertEqual(len(found[0, 0].unique()), 16, "different values in a channel")

    def test_gaussian_noise(self):
        """Its standard deviation is 0.08 at severity 1, and it goes both ways."""
        grey = torch.full((10, 3, 20, 20), 0.5)
        noise = corrupt(grey, "gaussian_noise", 1, generator=generator()) - grey
        self.assert_number(noise.std(), 0.08, "standard deviation", 0.003)
        self.assert_number(noise.mean(), 0, "mean", 0.005)

    def test_impulse_noise(self):
        """At severity 5, 27 % of all values change, half of them to 0, half to 1."""
        grey = torch.full((10, 3, 20, 20), 0.5)
        found = corrupt(grey, "impulse_noise", 5, generator=generator())
        for value in (0, 1):
            self.assert_number((found == value).float().mean(), 0.135, f"share of {value}", 0.02)
        self.assert_number((found == 0.5).float().mean(), 0.73, "share of unchanged values", 0.02)

    def test_every_image_has_its_own_noise(self):
        """Two images of a batch, and the channels of an image, have different noise."""
        for name in ("gaussian_noise", "impulse_noise"):
            with self.subTest(name):
                found = corrupt(torch.full((2, 3, 8, 8), 0.5), name, 4, generator=generator())
                planes = found.reshape(6, 64).unique(dim=0)
                self.assertEqual(len(planes), 6, f"{name}: different channels of two images")

    def test_manners(self):
        """Images stay as they are, results are in [0, 1], and the generator decides about the noise."""
        images = torch.rand(2, 3, 8, 8)
        before = images.clone()
        for name in SEVERITIES:
            with self.subTest(name):
                found, again = (corrupt(images, name, 5, generator=generator(1)) for _ in range(2))
                self.assert_close(images, before, f"{name}: images")
                self.assert_close(again, found, f"{name}: result for the same generator")
                self.assertTrue(found.min() >= 0 and found.max() <= 1, f"{name}: pixels leave [0, 1]")
