"""count_parameters: weights and biases, each once."""

from labs.common.torch_case import TorchTestCase
from networks import count_parameters
from torch import nn


class TestCount(TorchTestCase):
    def test_by_hand(self):
        """A linear layer of 3 inputs and 4 outputs has 3 * 4 + 4 = 16 parameters."""
        self.assertEqual(count_parameters(nn.Linear(3, 4)), 16)
        self.assertEqual(count_parameters(nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))), 26)

    def test_frozen_and_buffers(self):
        """Frozen parameters count; the statistics of batch normalisation do not."""
        model = nn.BatchNorm1d(5).requires_grad_(requires_grad=False)
        self.assertEqual(count_parameters(model), 10)
