"""A network that takes images in [0, 1], whatever it was trained on."""

import torch
from torch import nn


class Normalised(nn.Module):
    """Normalise images and hand them to `model`: scores = model((images - mean) / std).

    An attack moves the pixels of an image, so its size is said in pixels: a step of 1/255 is one grey level.
    With the normalisation inside of the network, images, attacks and bounds are all in [0, 1].
    """

    def __init__(self, model, mean, std):
        """Keep the network, and the mean and standard deviation of each channel."""
        super().__init__()
        self.model = model
        for name, values in (("mean", mean), ("std", std)):
            self.register_buffer(name, torch.tensor(values).reshape(1, -1, 1, 1), persistent=False)

    def forward(self, images):
        """Score images.

        Args:    images: (N, C, H, W) in [0, 1].
        Returns: what the network returns, usually (N, classes).
        """
        return self.model((images - self.mean) / self.std)
