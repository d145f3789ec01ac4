"""TwoLayerNet: a fully connected network that looks at an image as one long list of numbers.

Read first: "Part 2: networks in PyTorch", a page of the handout.
"""

import torch
from torch import nn


class TwoLayerNet(nn.Module):
    """Two linear layers with a sigmoid between them.

    For CIFAR-10 it is built as TwoLayerNet(3 * 32 * 32, 256, 10) and has 789,258 parameters. The names of the
    layers are your choice: the checkpoint is loaded into this class.
    """

    def __init__(self, input_dim, hidden_size, num_classes):
        """Make the layers: `input_dim` numbers to `hidden_size` units to `num_classes` scores."""
        super().__init__()
        # model.parameters(), and so the optimizer, finds the layers that you assign to `self` here.
        # BEGIN SOLUTION twolayer-init
        self.hidden = nn.Linear(input_dim, hidden_size)
        self.scores = nn.Linear(hidden_size, num_classes)
        # END SOLUTION twolayer-init

    def forward(self, x):
        """Score every class.

            scores = W2 sigmoid(W1 flatten(x) + b1) + b2

        The scores are raw: the loss applies the softmax itself.

        Args:    x: (N, C, H, W) images, with C * H * W = input_dim.
        Returns: (N, num_classes) scores.
        """
        # Keep the batch axis when you flatten.
        # BEGIN SOLUTION twolayer-forward
        flat = x.flatten(start_dim=1)  # (N, C*H*W)
        activations = torch.sigmoid(self.hidden(flat))
        return self.scores(activations)
        # END SOLUTION twolayer-forward
