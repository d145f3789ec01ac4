"""multi_resolution: every image in one group, with its label."""

import torch
from images import multi_resolution
from labs.common.torch_case import TorchTestCase


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class TestGroups(TorchTestCase):
    def setUp(self):
        """Make images whose brightness is their label, which says which image it is."""
        super().setUp()
        self.labels = torch.arange(62)
        self.images = (1 + self.labels.float()).reshape(-1, 1, 1, 1).expand(-1, 1, 28, 28).clone() / 64

    def test_groups(self):
        """Three groups of 21, 21 and 20 images, in black squares of 32, 48 and 64 pixels."""
        groups = multi_resolution(self.images, self.labels, generator=seeded())
        self.assertEqual(sorted(len(labels) for _, labels in groups), [20, 21, 21])
        for (images, labels), size in zip(groups, (32, 48, 64), strict=True):
            self.assert_shape(images, (len(labels), 1, size, size), f"images of {size} pixels")
            middle, border = size // 2, (size - 28) // 2 - 1
            self.assert_close(
                64 * images[:, 0, middle, middle] - 1, labels.float(), "brightness of the middle"
            )
            self.assert_close(images[:, :, border].abs().max(), torch.tensor(0.0), "the row above the image")
        everything = torch.cat([labels for _, labels in groups]).sort().values
        self.assertEqual(everything.tolist(), self.labels.tolist())

    def test_random(self):
        """The division is random, and the generator repeats it."""
        first = multi_resolution(self.images, self.labels, generator=seeded())
        again = multi_resolution(self.images, self.labels, generator=seeded())
        other = multi_resolution(self.images, self.labels, generator=seeded(1))
        self.assertEqual(first[0][1].tolist(), again[0][1].tolist())
        self.assertNotEqual(first[0][1].tolist(), other[0][1].tolist())
        self.assertGreater(int(first[0][1].max()), 40, "the first group has the first images only")

    def test_too_few(self):
        """Fewer images than sizes are refused."""
        with self.assertRaisesRegex(ValueError, "at least 3 images, one per size, got 2"):
            multi_resolution(self.images[:2], self.labels[:2], generator=seeded())
