"""Augmentation of whole batches: one gather for a hundred pictures, instead of a hundred calls for one each.

A picture that is moved by a few pixels, or seen in a mirror, still shows the same thing. Networks that have
seen this learn less by heart.
"""

import torch
import torch.nn.functional as F

MEAN = (0.4914, 0.4822, 0.4465)  # of CIFAR-10's training pictures, red, green, blue, in [0, 1]
STD = (0.2023, 0.1994, 0.2010)


def crop_and_flip(images, *, padding=4, generator=None):
    """Cut every picture out of its padded self at a random place, and mirror every second one, at random.

    Around a picture there are `padding` black pixels, so that it moves by up to that many.

    Args:    images: (N, C, H, W) of any type; generator: a torch.Generator on the CPU, or None.
    Returns: a new tensor of the same shape and type, with its channels last in memory.
    """
    count, _, height, width = images.shape
    device = images.device
    down, right = (
        torch.randint(2 * padding + 1, (count, 1), generator=generator).to(device) for _ in range(2)
    )
    mirrored = (torch.rand(count, 1, generator=generator) < 0.5).to(device)
    columns = torch.arange(width, device=device).expand(count, -1)  # (N, W)
    columns = torch.where(mirrored, columns.flip(1), columns) + right
    rows = torch.arange(height, device=device) + down  # (N, H)
    padded = F.pad(images, (padding,) * 4)
    which = torch.arange(count, device=device)[:, None, None]
    pixels = padded[which, :, rows[:, :, None], columns[:, None, :]]  # (N, H, W, C)
    return pixels.permute(0, 3, 1, 2)


def normalise(images, *, mean=MEAN, std=STD):
    """Turn uint8 pictures into float32: ((x / 255) - mean) / std, channel by channel.

    Args:    images: uint8 (N, 3, H, W).
    Returns: float32 (N, 3, H, W), in the memory layout of `images`.
    """
    scale = torch.tensor([1 / (255 * s) for s in std], device=images.device).view(3, 1, 1)
    shift = torch.tensor([m / s for m, s in zip(mean, std, strict=True)], device=images.device).view(3, 1, 1)
    return images.float().mul_(scale).sub_(shift)
