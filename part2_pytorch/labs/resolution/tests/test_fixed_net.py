"""FixedNet: its layers, its scores, and what it refuses."""

import torch
from networks import FixedNet

from .net_case import NetTestCase


class TestFixedNet(NetTestCase):
    def test_layers(self):
        """16, 32 and 64 filters of 3 x 3, and a linear layer of 576 inputs, all with a bias."""
        shapes, biases = self.sizes_of(FixedNet())
        self.assertEqual(shapes, [(16, 1, 3, 3), (32, 16, 3, 3), (64, 32, 3, 3), (10, 576)])
        self.assertEqual(biases, [16, 32, 64, 10])

    def test_by_hand(self):
        """With kernels that pass pixels on, 576 features of 0.5 add up to 288."""
        self.by_hand(FixedNet(), 576)

    def test_scores(self):
        """One row of raw scores per image: of both signs, and not adding up to 1."""
        out = FixedNet(num_classes=7)(torch.rand(5, 1, 28, 28))
        self.assert_shape(out, (5, 7), "scores")
        self.assertTrue((out < 0).any(), "no score is negative: is there a ReLU or a softmax at the end?")

    def test_other_images(self):
        """Other sizes and colours are refused, in one sentence."""
        for shape, said in (((2, 1, 32, 32), "got 32 x 32"), ((2, 3, 28, 28), "expected grey images")):
            with self.subTest(shape=shape), self.assertRaisesRegex(ValueError, said):
                FixedNet()(torch.rand(shape))
