"""stylise: coarse structure of the image, fine structure of a painting."""

import torch
from filters import blur
from labs.common.torch_case import TorchTestCase
from styles import SIGMA, stylise
from textures import paintings


class TestStylise(TorchTestCase):
    def setUp(self):
        super().setUp()
        self.images = 0.4 + 0.2 * torch.rand(6, 3, 12, 12)
        gallery = paintings(12, 12)
        self.details = gallery - blur(gallery, SIGMA)

    def test_every_image_has_the_detail_of_a_painting(self):
        """stylised image - blurred image is the detail of one of the paintings."""
        found = stylise(self.images, generator=torch.Generator().manual_seed(0))
        expected = (blur(self.images, SIGMA)[:, None] + self.details).clamp(0, 1)  # (N, G, 3, H, W)
        distance = (found[:, None] - expected).abs().amax(dim=(2, 3, 4))
        self.assert_close(distance.amin(dim=1), torch.zeros(6), "distance from the nearest painting's detail")

    def test_images_differ_in_style(self):
        """Twenty copies of one image get different paintings."""
        copies = self.images[:1].expand(20, -1, -1, -1)
        found = stylise(copies, generator=torch.Generator().manual_seed(0))
        self.assertGreater(len(found.flatten(start_dim=1).unique(dim=0)), 10, "different styles")

    def test_generator(self):
        """The same state of the generator gives the same images; the next call draws again."""
        generator = torch.Generator().manual_seed(4)
        first, second = (stylise(self.images, generator=generator) for _ in range(2))
        again = stylise(self.images, generator=torch.Generator().manual_seed(4))
        self.assert_close(again, first, "images")
        self.assertFalse(torch.equal(first, second), "a second call draws the same paintings")

    def test_images_stay_and_results_are_images(self):
        """The images that come in are unchanged, and the result is in [0, 1]."""
        images = self.images.round()
        before = images.clone()
        found = stylise(images, generator=torch.Generator().manual_seed(0))
        self.assert_close(images, before, "images")
        self.assertTrue(found.min() >= 0 and found.max() <= 1, "pixels leave [0, 1]")

    def test_grey_images_are_refused(self):
        """Grey images have one channel; the paintings have three."""
        with self.assertRaisesRegex(ValueError, "expected colour images"):
            stylise(self.images[:, :1], generator=torch.Generator())
