"""augment: every image moves in its own way, and not too far."""

import torch
from images import ANGLE, SHIFT, augment, turn_and_shift
from labs.common.torch_case import TorchTestCase


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class TestAugment(TorchTestCase):
    def setUp(self):
        """Make copies of an image with a spot in its middle."""
        super().setUp()
        place = torch.arange(28.0) - 13.5
        spot = torch.exp(-0.5 * ((place[:, None] / 2) ** 2 + (place / 2) ** 2))
        self.images = spot.expand(200, 1, -1, -1).clone()

    def shifts(self, images):
        """Return how far the spot of every image went down and to the right."""
        place = torch.arange(28.0) - 13.5
        mass = images.sum(dim=(1, 2, 3))
        down, right = ((images.sum(dim=(1, axis)) * place).sum(dim=1) / mass for axis in (3, 2))
        return down, right

    def test_shifts(self):
        """Shifts are spread over [-SHIFT, SHIFT], in both directions, independently."""
        down, right = self.shifts(augment(self.images, generator=seeded()))
        for name, moves in (("down", down), ("right", right)):
            with self.subTest(direction=name):
                self.assertLessEqual(moves.abs().max().item(), 1.02 * SHIFT)
                self.assertLess(moves.min().item(), -0.9 * SHIFT)
                self.assertGreater(moves.max().item(), 0.9 * SHIFT)
                self.assertAlmostEqual(moves.mean().item(), 0, delta=0.3)
        self.assertGreater((down - right).abs().max().item(), SHIFT, "down and right are the same number")

    def test_angles(self):
        """Images turn: one that was turned back by up to ANGLE degrees is the image again."""
        bar = torch.zeros(100, 1, 28, 28)
        bar[:, :, 12:16, 4:24] = 1.0
        found = augment(bar, generator=seeded())
        width = (found.amax(dim=3) > 0.5).sum(dim=(1, 2)).float()  # rows that the bar reaches
        self.assertGreater(width.max().item(), 7, f"no bar is turned by nearly {ANGLE:g} degrees")
        self.assertLess(width.max().item(), 13, f"some bars are turned by more than {ANGLE:g} degrees")

    def test_generator_and_copies(self):
        """Each image moves in its own way, the generator repeats it, and the images stay."""
        before = self.images.clone()
        one, again, other = (augment(self.images, generator=seeded(seed)) for seed in (0, 0, 1))
        self.assert_close(again, one, "images")
        self.assertFalse(torch.equal(one, other), "another seed gives the same images")
        self.assertGreater(len(one.flatten(start_dim=1).unique(dim=0)), 190, "images move in the same way")
        self.assert_close(self.images, before, "the images that came in")
        nothing = torch.zeros(200)
        self.assert_close(turn_and_shift(before, nothing, nothing, nothing), before, "images at rest")
