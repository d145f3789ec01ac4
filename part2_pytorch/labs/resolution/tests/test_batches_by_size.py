"""batches_by_size: all images once, one size per batch, in random order."""

from itertools import pairwise

import torch
from images import batches_by_size
from labs.common.torch_case import TorchTestCase


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class TestBatches(TorchTestCase):
    def setUp(self):
        """Make three groups whose pixels are the label, which says which image it is."""
        super().setUp()
        self.groups = []
        for start, count, size in ((0, 20, 4), (20, 17, 6), (37, 9, 8)):
            labels = torch.arange(start, start + count)
            images = labels.float().reshape(-1, 1, 1, 1).expand(-1, 1, size, size).clone()
            self.groups.append((images, labels))

    def walk(self, seed=0):
        return list(batches_by_size(self.groups, 4, generator=seeded(seed)))

    def test_all_once(self):
        """Every image comes once, with its label, in batches of four or, at the end of a group, fewer."""
        batches = self.walk()
        for images, labels in batches:
            self.assert_close(images[:, 0, 0, 0], labels.float(), "pixels of the images with these labels")
        self.assertEqual(sorted(len(labels) for _, labels in batches), [1, 1] + [4] * 11)
        self.assertEqual(torch.cat([labels for _, labels in batches]).sort().values.tolist(), list(range(46)))

    def test_shuffled(self):
        """Neither images nor sizes come in the order of the groups."""
        batches = self.walk()
        first = torch.cat([labels for images, labels in batches if images.shape[2] == 4])
        steps = [(labels.diff() == 1).all().item() for _, labels in batches if len(labels) == 4]
        self.assertEqual(len(first), 20)
        self.assertFalse(all(steps), "the images of every batch are neighbours in their group")
        sides = [images.shape[2] for images, _ in batches]
        changes = sum(one != two for one, two in pairwise(sides))
        self.assertGreater(changes, 2, "batches of one size all follow each other")

    def test_generator(self):
        """The generator repeats an epoch, and a new state gives another one."""
        one, again, other = (
            torch.cat([labels for _, labels in self.walk(seed)]).tolist() for seed in (0, 0, 1)
        )
        self.assertEqual(one, again)
        self.assertNotEqual(one, other)
