"""Pictures to learn from: CIFAR-10, its imbalanced cousin, or pictures made by code."""

from .augmentation import MEAN, STD, crop_and_flip, cut_out, normalise
from .batches import Batches
from .cifar10 import CIFAR10
from .imbalance import Imbalanced_CIFAR10, class_counts, keep_counts
from .pictures import Pictures, load_pictures
from .procedural import load_procedural

__all__ = [
    "CIFAR10",
    "MEAN",
    "STD",
    "Batches",
    "Imbalanced_CIFAR10",
    "Pictures",
    "class_counts",
    "crop_and_flip",
    "cut_out",
    "keep_counts",
    "load_pictures",
    "load_procedural",
    "normalise",
]
