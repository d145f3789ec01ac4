"""MyModel: four small convolutions, halving the image three times."""

from torch import nn


class MyModel(nn.Module):
    """Small enough to be trained within a minute."""

    def __init__(self):
        super().__init__()
        stages = []
        for inputs, outputs in ((3, 16), (16, 32), (32, 48)):
            stages += [
                nn.Conv2d(inputs, outputs, 3, padding=1),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
        self.features = nn.Sequential(*stages, nn.Conv2d(48, 64, 3), nn.BatchNorm2d(64), nn.ReLU())
        self.scores = nn.Linear(64, 10)

    def forward(self, x):
        return self.scores(self.features(x).amax(dim=(2, 3)))
