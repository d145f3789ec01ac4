"""Labelled images, kept as bytes and handed out as floats in [0, 1]; and where to get them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .folders import read_folder

SOURCES = ("procedural", "cifar10", "mnist")


@dataclass(frozen=True)
class LabelledImages:
    """Images uint8 (N, C, H, W), their labels int64 (N,), and the names of the classes."""

    images: torch.Tensor
    labels: torch.Tensor
    class_names: tuple

    def __len__(self):
        """Return how many images there are."""
        return len(self.labels)

    def first(self, count):
        """Return the first `count` of them, or all where there are fewer."""
        return LabelledImages(self.images[:count], self.labels[:count], self.class_names)

    def on(self, device):
        """Return the same images on another device."""
        return LabelledImages(self.images.to(device), self.labels.to(device), self.class_names)

    def steps(self, batch_size):
        """Return how many batches one walk through the images has."""
        return -(-len(self) // batch_size)

    def pixels(self):
        """Return all images as float32 in [0, 1]."""
        return as_pixels(self.images)

    def mean_and_std(self):
        """Return the mean and the standard deviation of each channel, in [0, 1]."""
        pixels = as_pixels(self.images[:5000])  # enough for three digits
        axes = (0, 2, 3)
        return pixels.mean(dim=axes).tolist(), pixels.std(dim=axes).clamp_min(1e-3).tolist()

    def batches(self, batch_size, *, generator=None, augment=None):
        """Walk through the images once; with a `generator` in an order that it draws.

        `augment(images, generator=generator)` changes uint8 images, where it is given.
        Yields: images float32 (n, C, H, W) in [0, 1], labels (n,); the last batch may be smaller.
        """
        count = len(self)
        order = torch.arange(count) if generator is None else torch.randperm(count, generator=generator)
        for chosen in order.to(self.images.device).split(batch_size):
            images = self.images[chosen]
            if augment is not None:
                images = augment(images, generator=generator)
            yield as_pixels(images), self.labels[chosen]


def as_pixels(images):
    """Return uint8 images as float32 in [0, 1]."""
    return images.float().div_(255)


def read_images(source, *, root="data/files", train=10_000, test=2_000, checksums=True, side=32):
    """Read images to learn from and images to test on.

    Args:    source: "procedural" (generated), "cifar10", "mnist", or a folder with one folder per class;
             root: where CIFAR-10 and MNIST lie or are downloaded to;
             train, test: at most so many images; checksums: off takes CIFAR-10's files as they are;
             side: of a folder's images, which are cut to squares, in pixels.
    Returns: two LabelledImages.
    Raises:  FileNotFoundError or ValueError, in one sentence, where they cannot be had.
    """
    if source == "procedural":
        return _procedural(root, train, is_training=True), _procedural(root, test, is_training=False)
    if source == "cifar10":
        return (
            _cifar10(root, train, is_training=True, checksums=checksums),
            _cifar10(root, test, is_training=False, checksums=checksums),
        )
    if source == "mnist":
        return _mnist(root, train, is_training=True), _mnist(root, test, is_training=False)
    if not Path(source).is_dir():
        raise FileNotFoundError(
            f"--data {source}: expected {', '.join(SOURCES)}, or a folder with one folder per class; this is "
            "none of them."
        )
    return tuple(LabelledImages(*found) for found in read_folder(Path(source), train, test, side=side))


def _procedural(root, count, *, is_training):
    from data import load_procedural

    images, labels, names = load_procedural(root, count, train=is_training)
    return _labelled(images, labels, names)


def _cifar10(root, count, *, is_training, checksums):
    from data import CIFAR10

    stored = CIFAR10(root, is_training, download=checksums, checksums=checksums)
    return _labelled(stored.data[:count].transpose(0, 3, 1, 2), stored.targets[:count], stored.classes)


def _mnist(root, count, *, is_training):
    from torchvision.datasets import MNIST

    is_there = (Path(root) / "MNIST" / "raw").is_dir()
    try:
        stored = MNIST(root, train=is_training, download=not is_there)
    except (OSError, RuntimeError) as error:
        said = str(error).splitlines()[0]
        raise FileNotFoundError(
            f"--data mnist: expected MNIST/raw in {root} or from the network, got: {said}; name its "
            "folder with --data-root, or use --data procedural."
        ) from error
    return _labelled(stored.data[:count, None].numpy(), stored.targets[:count].numpy(), stored.classes)


def _labelled(images, labels, names):
    return LabelledImages(
        torch.from_numpy(np.ascontiguousarray(images)),
        torch.from_numpy(np.array(labels, dtype=np.int64)),
        tuple(names),
    )
