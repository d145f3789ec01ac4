"""The images of the experiment: grey ones of 28 x 28 pixels, and groups of them in several sizes."""

from dataclasses import dataclass

import torch
from labs.common.images import LabelledImages, as_pixels
from labs.resolution.digits import CLASS_NAMES, digits
from labs.resolution.images import batches_by_size, multi_resolution, pad_to, resize

SIDE = 28
TRAIN_SEED, TEST_SEED, SIZE_SEED = 20, 21, 22
VALIDATION = 6  # of so many training images one is for choosing settings


@dataclass(frozen=True)
class SizedImages:
    """Groups (images uint8, labels) of one size each; with `side`, images come resized to it."""

    groups: tuple
    class_names: tuple
    side: int | None = None

    def __len__(self):
        """Return how many images there are in all groups."""
        return sum(len(labels) for _, labels in self.groups)

    @property
    def labels(self):
        """Return the labels of all groups, in the order in which batches come without a generator."""
        return torch.cat([labels for _, labels in self.groups])

    def on(self, device):
        """Return the same images on another device."""
        groups = tuple((images.to(device), labels.to(device)) for images, labels in self.groups)
        return SizedImages(groups, self.class_names, self.side)

    def steps(self, batch_size):
        """Return how many batches one walk through the images has."""
        return sum(-(-len(labels) // batch_size) for _, labels in self.groups)

    def batches(self, batch_size, *, generator=None, augment=None):
        """Walk through the images once, one size per batch; with a `generator` in an order that it draws.

        Yields: images float32 (n, 1, H, W) in [0, 1], labels (n,).
        """
        if generator is None:
            walk = (pair for group in self.groups for pair in _in_order(*group, batch_size))
        else:
            walk = batches_by_size(self.groups, batch_size, generator=generator)
        for images, labels in walk:
            pixels = as_pixels(images)
            if augment is not None:
                pixels = augment(pixels, generator=generator)
            yield (pixels if self.side is None else resize(pixels, self.side)), labels


def _in_order(images, labels, batch_size):
    return zip(images.split(batch_size), labels.split(batch_size), strict=True)


def procedural(count, *, seed):
    """Return `count` procedural digits."""
    return LabelledImages(*digits(count, seed=seed), CLASS_NAMES)


def as_digits(images):
    """Return LabelledImages in grey and with 28 x 28 pixels, whatever they were."""
    pixels = images.images
    if pixels.shape[1] == 1 and tuple(pixels.shape[2:]) == (SIDE, SIDE):
        return images
    parts = [resize(as_pixels(some).mean(dim=1, keepdim=True), SIDE) for some in pixels.split(500)]
    grey = (255 * torch.cat(parts)).round().clamp(0, 255).to(torch.uint8)
    return LabelledImages(grey, images.labels, images.class_names)


def of_one_size(images, size, *, side=None):
    """Return all images padded to one size."""
    return SizedImages(((pad_to(images.images, size), images.labels),), images.class_names, side)


def of_many_sizes(images, sizes, *, side=None):
    """Return the images divided into groups, one per size."""
    generator = torch.Generator().manual_seed(SIZE_SEED)
    groups = multi_resolution(images.images, images.labels, sizes, generator=generator)
    return SizedImages(tuple(groups), images.class_names, side)


def divided(images):
    """Return the images to learn from, and those for choosing settings, which are the last sixth."""
    count = len(images) - max(1, len(images) // VALIDATION)
    if count < 1:
        raise ValueError(f"sweeps: expected at least 2 training images, got {len(images)}.")
    rest = LabelledImages(images.images[count:], images.labels[count:], images.class_names)
    return images.first(count), rest
