"""The weights of the classes, by hand and by properties of the formula."""

import torch
from losses import reweight

from .torch_case import TorchTestCase


class TestReweight(TorchTestCase):
    def test_by_hand(self):
        """Counts 1 and 2 at beta 0.5: 0.5 / 0.5 = 1 and 0.5 / 0.75 = 2/3, scaled to sum to 2: 1.2 and 0.8."""
        self.assert_close(reweight([1, 2], beta=0.5), [1.2, 0.8], "weights")

    def test_four_classes(self):
        """[645, 387, 232, 139] at the default beta, 0.9999."""
        self.assert_close(reweight([645, 387, 232, 139]), [0.4043, 0.6652, 1.1011, 1.8294], "weights")

    def test_beta_zero_treats_all_alike(self):
        """With beta 0 every class has the weight 1, whatever its size."""
        self.assert_close(reweight([5000, 50, 7], beta=0.0), [1.0, 1.0, 1.0], "weights")

    def test_beta_near_one_weighs_by_the_inverse_count(self):
        """For beta close to 1 the weights approach those of 1 / n: counts 10 and 30 get 1.5 and 0.5."""
        self.assert_close(reweight([10, 30], beta=1 - 1e-7), [1.5, 0.5], "weights", tolerance=1e-3)

    def test_weights_sum_to_the_number_of_classes(self):
        """Long tails, too: ten classes from 5000 to 50."""
        weights = reweight([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50])
        self.assert_shape(weights, (10,), "weights")
        self.assert_close(weights.sum(), 10.0, "sum of the weights")

    def test_the_rarer_the_heavier(self):
        """Weights fall where counts rise, in the order of the counts given."""
        weights = reweight([100, 10, 1000])
        self.assertTrue(weights[1] > weights[0] > weights[2], f"weights of [100, 10, 1000]: {weights}")

    def test_type(self):
        """The weights multiply float32 losses."""
        weights = reweight([3, 4])
        self.assertIsInstance(weights, torch.Tensor)
        self.assertEqual(weights.dtype, torch.float32)
