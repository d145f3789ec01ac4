"""The network of this lab. It is given, so that a checkpoint says how it was trained and nothing else."""

import torch
from torch import nn

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


class RobustNet(nn.Module):
    """Score images in [0, 1]: one convolution of the image itself, then three stages with a shortcut each.

    Images are normalised inside. `width` is the number of filters of the first stage; the next ones have
    two and four times as many. Sides shrink early, from 32 pixels to 16, 8, 4 and 2: an attack takes many
    passes, so passes should be cheap.
    """

    def __init__(self, width=32, num_classes=10):
        """Make the layers."""
        super().__init__()
        self.begin = nn.Sequential(convolution(3, width), nn.MaxPool2d(2))
        self.stages = nn.ModuleList(
            [Stage(width, width), Stage(width, 2 * width), Stage(2 * width, 4 * width)]
        )
        self.scores = nn.Linear(4 * width, num_classes)
        for name, values in (("mean", MEAN), ("std", STD)):
            self.register_buffer(name, torch.tensor(values).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, x):
        """Score images (N, 3, H, W) in [0, 1]: (N, num_classes)."""
        x = (x - self.mean) / self.std
        x = self.begin(x.contiguous(memory_format=torch.channels_last))  # which processors convolve faster
        for stage in self.stages:
            x = stage(x)
        return self.scores(x.amax(dim=(2, 3)))


class Stage(nn.Module):
    """Convolve to `outputs` channels and halve the sides, then add what two more convolutions find."""

    def __init__(self, inputs, outputs):
        """Make the layers."""
        super().__init__()
        self.shrink = nn.Sequential(convolution(inputs, outputs), nn.MaxPool2d(2))
        self.refine = nn.Sequential(convolution(outputs, outputs), convolution(outputs, outputs))

    def forward(self, x):
        """Return (N, outputs, H // 2, W // 2)."""
        x = self.shrink(x)
        return x + self.refine(x)


def convolution(inputs, outputs):
    """Return a convolution of 3 x 3 with batch normalisation and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )
