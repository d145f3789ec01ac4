"""Images to learn from: CIFAR-10, its imbalanced cousin, or procedural images."""

from .augmentation import MEAN, STD, crop_and_flip, cut_out, normalise
from .batches import Batches
from .cifar10 import CIFAR10
from .images import Images, load_images
from .imbalance import Imbalanced_CIFAR10, class_counts, keep_counts
from .procedural import load_procedural

__all__ = [
    "CIFAR10",
    "MEAN",
    "STD",
    "Batches",
    "Images",
    "Imbalanced_CIFAR10",
    "class_counts",
    "crop_and_flip",
    "cut_out",
    "keep_counts",
    "load_images",
    "load_procedural",
    "normalise",
]
