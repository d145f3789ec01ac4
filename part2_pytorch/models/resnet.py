"""ResNet-32 for 32 x 32 images. This file is complete.

He, Zhang, Ren, Sun (2016), Deep Residual Learning for Image Recognition, section 4.2, with shortcuts that
have no parameters (option A).
"""

import torch
import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    """Two convolutions of 3 x 3 with batch normalisation, and a shortcut around them."""

    def __init__(self, in_channels, channels, stride):
        """Make the layers; `stride` is that of the first convolution."""
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.stride = stride
        self.new_channels = channels - in_channels

    def forward(self, x):
        """Return relu(shortcut(x) + convolutions(x)), (N, channels, H / stride, W / stride)."""
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))

    def shortcut(self, x):
        """Take every stride-th pixel, and fill the new channels with zeros, half of them on each side."""
        before = self.new_channels // 2
        x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x, (0, 0, 0, 0, before, self.new_channels - before))


class ResNet(nn.Module):
    """A stem, three stages of basic blocks with 16, 32 and 64 channels, and a linear layer."""

    def __init__(self, blocks_per_stage, num_classes=10):
        """Make the layers; with 5 blocks per stage there are 32 layers with weights."""
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(16)
        self.stage1 = _stage(16, 16, blocks_per_stage, stride=1)
        self.stage2 = _stage(16, 32, blocks_per_stage, stride=2)
        self.stage3 = _stage(32, 64, blocks_per_stage, stride=2)
        self.linear = nn.Linear(64, num_classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        """Return raw scores (N, num_classes) of images (N, 3, 32, 32)."""
        out = F.relu(self.bn(self.stem(x)))
        out = self.stage3(self.stage2(self.stage1(out)))
        return self.linear(torch.mean(out, dim=(2, 3)))


def _stage(in_channels, channels, blocks, stride):
    """Return `blocks` basic blocks, of which the first one may halve the image."""
    first = BasicBlock(in_channels, channels, stride)
    return nn.Sequential(first, *(BasicBlock(channels, channels, 1) for _ in range(blocks - 1)))


def resnet32(num_classes=10):
    """Return a ResNet-32: 464,154 parameters for ten classes."""
    return ResNet(5, num_classes)
