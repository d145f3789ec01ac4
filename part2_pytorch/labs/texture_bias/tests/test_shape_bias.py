"""shape_bias, counted by hand."""

import torch
from bias import shape_bias
from labs.common.torch_case import TorchTestCase


class TestShapeBias(TorchTestCase):
    def test_by_hand(self):
        """Three decisions for the shape, one for the texture, one for a third class: 3 / (3 + 1)."""
        shapes = torch.tensor([0, 1, 2, 3, 4])
        textures = torch.tensor([1, 2, 3, 4, 0])
        predictions = torch.tensor([0, 1, 2, 4, 2])
        self.assert_number(shape_bias(predictions, shapes, textures), 0.75, "shape bias")

    def test_matches_do_not_count(self):
        """The first two images are not conflicts; of the other two, one is decided for each cue."""
        shapes, textures = torch.tensor([0, 1, 2, 3]), torch.tensor([0, 1, 0, 0])
        self.assert_number(shape_bias(torch.tensor([0, 1, 2, 0]), shapes, textures), 0.5, "shape bias")

    def test_undefined(self):
        """Without any decision for one of the two cues there is no bias."""
        with self.assertRaises(ValueError):
            shape_bias(torch.tensor([2, 2]), torch.tensor([0, 1]), torch.tensor([1, 0]))
