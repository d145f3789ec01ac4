"""MyModel: a network of your own design.

Read first: "Part 2: networks in PyTorch", a page of the handout.
"""

import torch
from torch import nn


class MyModel(nn.Module):
    """The best network that you can design and have the patience to train.

    It takes images (N, 3, 32, 32) and returns raw scores (N, 10). Layers, depth and width are your choice,
    within the size of a checkpoint (see assignment.json). What helps, roughly in this order: batch
    normalisation, more than one convolution before each pooling, shortcuts around some of them, more filters
    as the image shrinks. An unchanged copy of a network (such as a library's ResNet) does not count.

    In eval mode the scores of an image must be the same at every call, and must not depend on the other
    images of the batch: dropout and batch normalisation of torch.nn take care of this.
    """

    def __init__(self):
        """Make the layers."""
        super().__init__()

        # TODO my_model-init
        raise NotImplementedError("my_model-init")

    def forward(self, x):
        """Score every class.

        Args:    x: (N, 3, 32, 32) images.
        Returns: (N, 10) raw scores.
        """
        # TODO my_model-forward
        raise NotImplementedError("my_model-forward")
