"""A Gaussian blur: what it keeps of an image is coarse, what it removes is fine."""

import torch
from torch.nn import functional as F


def blur(images, sigma):
    """Replace every pixel by an average of its surroundings, with the weights of a Gaussian.

        weight(i, j) = exp(-(i^2 + j^2) / (2 sigma^2)), so that all weights together are 1

    Beyond the border, the image is reflected.

    Args:    images: (N, C, H, W); sigma: in pixels; 0 leaves the images as they are.
    Returns: a new tensor (N, C, H, W).
    """
    if not sigma:
        return images.clone()
    reach = min(int(3 * sigma + 0.5), min(images.shape[-2:]) - 1)
    weights = torch.exp(-((torch.arange(-reach, reach + 1, device=images.device) / sigma) ** 2) / 2)
    weights = (weights / weights.sum()).to(images.dtype)
    count, channels, height, width = images.shape
    rows = images.reshape(count * channels, 1, height, width)
    rows = F.pad(rows, (reach, reach, reach, reach), mode="reflect")
    rows = F.conv2d(F.conv2d(rows, weights.reshape(1, 1, -1, 1)), weights.reshape(1, 1, 1, -1))
    return rows.reshape(count, channels, height, width)
