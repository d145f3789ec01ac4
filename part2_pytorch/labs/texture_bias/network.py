"""The network of this lab: four convolutions, small enough that nine trainings take a few minutes."""

from torch import nn


class BiasNet(nn.Module):
    """Score images (N, 3, H, W) in [0, 1]; `width` is the number of filters of the first convolution.

    Sides shrink by 2 three times; then the features are averaged over the whole image, so that the network
    can see both cues: textures in its first layers, shapes in its last ones.
    """

    def __init__(self, width=16, num_classes=5):
        """Make the layers."""
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, width), nn.MaxPool2d(2),
            convolution(width, 2 * width), nn.MaxPool2d(2),
            convolution(2 * width, 4 * width), nn.MaxPool2d(2),
            convolution(4 * width, 4 * width),
        )  # fmt: skip
        self.scores = nn.Linear(4 * width, num_classes)

    def forward(self, images):
        """Return the scores (N, num_classes)."""
        return self.scores(self.features(4 * (images - 0.5)).mean(dim=(2, 3)))


def convolution(inputs, outputs):
    """Return a convolution of 3 x 3 with batch normalisation and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )
