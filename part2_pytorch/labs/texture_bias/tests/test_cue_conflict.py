"""cue_conflict: all pairs of a shape and a different texture, equally often, with labels that fit."""

import torch
from bias import cue_conflict
from labs.common.torch_case import TorchTestCase
from textures import CLASSES, TEXTURES


class TestConflict(TorchTestCase):
    def test_pairs(self):
        """Of 40 images, each of the 20 pairs of a shape and a different texture has two."""
        _, shapes, textures = cue_conflict(40, seed=3)
        counts = torch.zeros(CLASSES, CLASSES)
        for shape, texture in zip(shapes.tolist(), textures.tolist(), strict=True):
            counts[shape, texture] += 1
        self.assert_close(counts, 2 * (1 - torch.eye(CLASSES)), "counts (shape, texture)")

    def test_form(self):
        """Images are float32 (n, 3, 32, 32) in [0, 1], labels int64 (n,)."""
        images, shapes, textures = cue_conflict(7, seed=3)
        self.assert_shape(images, (7, 3, 32, 32), "images")
        self.assertEqual(images.dtype, torch.float32)
        self.assertTrue(images.min() >= 0 and images.max() <= 1, "images leave [0, 1]")
        for name, labels in (("shape labels", shapes), ("texture labels", textures)):
            self.assert_shape(labels, (7,), name)
            self.assertEqual(labels.dtype, torch.int64, name)

    def test_images_show_their_texture(self):
        """Stripes across change from row to row, stripes down from column to column."""
        images, _, textures = cue_conflict(40, seed=3)
        grey = images.mean(dim=1)
        across, down = (grey.diff(dim=axis).abs().mean(dim=(1, 2)) for axis in (1, 2))
        for name, is_right in (("stripes across", across > down), ("stripes down", down > across)):
            chosen = textures == TEXTURES.index(name)
            share = is_right[chosen].float().mean().item()
            self.assertGreater(share, 0.8, f"images labelled {name} do not show them; swapped labels?")

    def test_seed(self):
        """The same seed gives the same images, another seed gives different ones."""
        first, again, other = (cue_conflict(20, seed=seed) for seed in (5, 5, 6))
        for one, two in zip(first, again, strict=True):
            self.assertTrue(torch.equal(one, two), "the same seed gives something else the second time")
        self.assertFalse(torch.equal(first[0], other[0]), "another seed gives the same images")
