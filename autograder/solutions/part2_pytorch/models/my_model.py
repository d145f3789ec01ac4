"""MyModel: a network of your own design."""

import torch
from torch import nn


class MyModel(nn.Module):
    """The best network that you can think of and have the patience to train.

    It takes pictures (N, 3, 32, 32) and returns raw scores (N, 10). Free are layers, depth and width, within
    the size of a checkpoint (assignment.toml says how large). What pays, roughly in this order: batch
    normalisation, more than one convolution before each pooling, shortcuts around some of them, more filters
    as the picture shrinks. A network copied as it is (a ResNet out of a library) does not count.

    In eval mode the scores of a picture must be the same at every call, and must not depend on the other
    pictures of the batch: dropout and batch normalisation of torch.nn see to it themselves.
    """

    def __init__(self):
        """Make the layers."""
        super().__init__()

        # BEGIN SOLUTION my_model-init
        def conv(inputs, outputs, kernel_size=3, *, pool=False):
            """Convolve, pool, normalise: in this order the normalisation has fewer pixels to go through."""
            padding = "same" if kernel_size == 3 else 0
            filters = nn.Conv2d(inputs, outputs, kernel_size, padding=padding, bias=False)
            smaller = nn.MaxPool2d(2) if pool else nn.Identity()
            return nn.Sequential(filters, smaller, nn.BatchNorm2d(outputs), nn.GELU())

        # Small windows first, without padding: 31 pixels a side, of which three poolings leave 15, 7 and 3.
        self.stem = conv(3, 24, kernel_size=2)
        widths = [(24, 64), (64, 256), (256, 256)]
        self.shrink = nn.ModuleList([conv(*pair, pool=True) for pair in widths])
        self.refine = nn.ModuleList([nn.Sequential(conv(width, width)) for _, width in widths])
        self.refine[2].append(conv(256, 256))
        self.scores = nn.Linear(256, 10, bias=False)
        # END SOLUTION my_model-init

    def forward(self, x):
        """Score every class.

        Args:    x: (N, 3, 32, 32) pictures.
        Returns: (N, 10) raw scores.
        """
        # BEGIN SOLUTION my_model-forward
        if not self.training:  # a picture and its mirror image show the same: let them vote
            x = torch.cat([x, x.flip(3)])
        features = self.stem(x)
        for shrink, refine in zip(self.shrink, self.refine, strict=True):
            features = shrink(features)
            features = features + refine(features)
        # Small scores at the start keep the first steps from being wild.
        scores = self.scores(features.amax(dim=(2, 3))) / 8
        return scores if self.training else scores.view(2, -1, 10).mean(dim=0)
        # END SOLUTION my_model-forward
