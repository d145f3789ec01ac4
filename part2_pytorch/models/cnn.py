"""VanillaCNN: one convolution, one pooling, one linear layer.

Read first: "Part 2: networks in PyTorch", a page of the handout.
"""

import torch
from torch import nn


class VanillaCNN(nn.Module):
    """The smallest network that finds patterns anywhere in the image.

    layer      settings                                    output
    conv       32 filters of 7 x 7, stride 1, padding 0    (N, 32, 26, 26)
    ReLU
    max pool   windows of 2 x 2, stride 2                  (N, 32, 13, 13)
    linear     5408 to 10                                  (N, 10)

    It has 58,826 parameters, a fourteenth of TwoLayerNet's, and performs better.
    """

    def __init__(self):
        """Make the layers."""
        super().__init__()
        # TODO cnn-init
        raise NotImplementedError("cnn-init")

    def forward(self, x):
        """Score every class: linear(flatten(pool(relu(conv(x))))).

        Args:    x: (N, 3, 32, 32) images.
        Returns: (N, 10) raw scores.
        """
        # TODO cnn-forward
        raise NotImplementedError("cnn-forward")
