"""Augmentation of whole batches: one gather for a hundred images, instead of a hundred calls for one each.

An image that is moved by a few pixels, or seen in a mirror, still shows the same thing. Networks that have
seen this overfit less.
"""

import torch

MEAN = (0.4914, 0.4822, 0.4465)  # of CIFAR-10's training images, red, green, blue, in [0, 1]
STD = (0.2023, 0.1994, 0.2010)


def crop_and_flip(images, *, padding=4, generator=None):
    """Move every image by up to `padding` pixels, and mirror every second one, both at random.

    What an image leaves open at its border is filled by its mirror image there: for pixels a b c d, to the
    left of a are ... c b.

    Args:    images: (N, C, H, W) of any type, larger than `padding`; generator: a torch.Generator on the CPU,
             or None.
    Returns: a new tensor of the same shape and type, with its channels last in memory.
    """
    count, _, height, width = images.shape
    device = images.device
    down, right = (
        torch.randint(-padding, padding + 1, (count, 1), generator=generator).to(device) for _ in range(2)
    )
    mirrored = (torch.rand(count, 1, generator=generator) < 0.5).to(device)
    rows = _reflected(torch.arange(height, device=device) + down, height)  # (N, H)
    columns = _reflected(torch.arange(width, device=device) + right, width)  # (N, W)
    columns = torch.where(mirrored, columns.flip(1), columns)
    which = torch.arange(count, device=device)[:, None, None]
    pixels = images[which, :, rows[:, :, None], columns[:, None, :]]  # (N, H, W, C)
    return pixels.permute(0, 3, 1, 2)


def _reflected(places, size):
    """Bring `places` beyond the border, below 0 or from `size` on, back by reflecting them there."""
    return (size - 1) - ((size - 1) - places.abs()).abs()


def cut_out(images, size, *, generator=None):
    """Set a square of `size` pixels a side to 0, at a random place of every image, partly outside maybe.

    Of normalised images, 0 is the mean colour. Source: DeVries and Taylor, "Improved regularization of
    convolutional neural networks with cutout", 2017.

    Args:    images: (N, C, H, W); generator: a torch.Generator on the CPU, or None.
    Returns: a new tensor of the same shape and type.
    """
    if not size:
        return images
    inside = []
    for length in images.shape[2:]:
        first = torch.randint(1 - size, length, (len(images), 1), generator=generator).to(images.device)
        places = torch.arange(length, device=images.device)
        inside.append((places >= first) & (places < first + size))  # (N, length)
    hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return images.masked_fill(hole, 0)


def normalise(images, *, mean=MEAN, std=STD):
    """Turn uint8 images into float32: ((x / 255) - mean) / std, channel by channel.

    Args:    images: uint8 (N, 3, H, W).
    Returns: float32 (N, 3, H, W), in the memory layout of `images`.
    """
    scale = torch.tensor([1 / (255 * s) for s in std], device=images.device).view(3, 1, 1)
    shift = torch.tensor([m / s for m, s in zip(mean, std, strict=True)], device=images.device).view(3, 1, 1)
    return images.float().mul_(scale).sub_(shift)
