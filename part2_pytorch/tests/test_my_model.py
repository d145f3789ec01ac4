"""MyModel: what holds for every good network, whatever its layers are."""

import torch
from models import MyModel

from .torch_case import TorchTestCase

MOST_BYTES = 100 * 1024 * 1024  # of a checkpoint that may be handed in


class TestMyModel(TorchTestCase):
    def setUp(self):
        super().setUp()
        self.x = torch.randn(4, 3, 32, 32)

    def test_shape(self):
        """Ten scores per image, all of them finite, in both modes."""
        model = MyModel()
        for mode in (True, False):
            with self.subTest(mode="train" if mode else "eval"):
                scores = model.train(mode)(self.x)
                self.assert_shape(scores, (4, 10), "scores")
                self.assertTrue(torch.isfinite(scores).all(), "a score is not finite")

    def test_every_parameter_learns(self):
        """A loss of the scores has a gradient for every parameter; one without is useless."""
        model = MyModel()
        model.train()
        model(self.x).square().sum().backward()
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:  # you may freeze some of them on purpose
                self.assertIsNotNone(parameter.grad, f"{name} gets no gradient")

    def test_eval_mode_is_repeatable(self):
        """In eval mode the same images get the same scores: dropout that stays on fails here."""
        model = MyModel().eval()
        model(self.x)
        self.assert_close(model(self.x), model(self.x), "scores of a second call", tolerance=1e-5)

    def test_images_do_not_influence_each_other(self):
        """In eval mode an image alone gets the same scores as within a batch."""
        model = MyModel().eval()
        together = model(self.x)
        largest = together.abs().max().clamp(min=1e-6)  # a fresh network's scores may all be small
        alone = model(self.x[:1]) / largest
        self.assert_close(alone, together[:1] / largest, "scores of an image alone", tolerance=1e-3)

    def test_checkpoint_is_small_enough(self):
        """A checkpoint of all parameters may be at most 100 MB."""
        model = MyModel().eval()
        model(self.x)
        size = sum(value.numel() * value.element_size() for value in model.state_dict().values())
        self.assertLess(size, MOST_BYTES)
