"""SimpleNet: a small network whose every convolution is made by a class that you choose."""

from torch import nn


class SimpleNet(nn.Module):
    """Score images with seven convolutions, each followed by a ReLU, and one linear layer.

    7 x 7 with stride 2, pool, 1 x 1, 3 x 3, 1 x 1, pool, 1 x 1, 3 x 3, 1 x 1, mean over the pixels, linear:
    365,028 parameters for 100 classes. `SimpleNet(conv_op=CustomConv2d)` is the same network on your layer;
    a state_dict of either fits the other.
    """

    def __init__(self, conv_op=nn.Conv2d, num_classes=100):
        """Make the layers, the convolutions with `conv_op(in_channels, out_channels, kernel_size, ...)`."""
        super().__init__()
        self.features = nn.Sequential(
            conv_op(3, 64, kernel_size=7, stride=2, padding=3),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            conv_op(64, 64, kernel_size=1, stride=1, padding=0),
            nn.ReLU(inplace=True),
            conv_op(64, 64, kernel_size=3, stride=1, padding=1),
            nn.ReLU(inplace=True),
            conv_op(64, 256, kernel_size=1, stride=1, padding=0),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            conv_op(256, 128, kernel_size=1, stride=1, padding=0),
            nn.ReLU(inplace=True),
            conv_op(128, 128, kernel_size=3, stride=1, padding=1),
            nn.ReLU(inplace=True),
            conv_op(128, 512, kernel_size=1, stride=1, padding=0),
            nn.ReLU(inplace=True),
        )
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.scores = nn.Linear(512, num_classes)
        for parameter in self.features.parameters():  # He and others, 2015: signals keep their size
            if parameter.ndim == 4:
                nn.init.kaiming_normal_(parameter, nonlinearity="relu")
            else:
                nn.init.zeros_(parameter)

    def forward(self, x):
        """Score images (N, 3, H, W) of 32 pixels a side or more: (N, num_classes)."""
        return self.scores(self.pool(self.features(x)).flatten(start_dim=1))
