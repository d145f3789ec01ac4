"""What a run learns from and is tested on, as tensors."""

from dataclasses import dataclass

import numpy as np
import torch

from .batches import Batches
from .cifar10 import CIFAR10
from .imbalance import class_counts, keep_counts
from .procedural import load_procedural


@dataclass(frozen=True)
class Images:
    """Training and test images, uint8 (N, 3, 32, 32), their labels, and how they are walked through."""

    train: tuple
    test: tuple
    class_names: tuple
    batch_size: int
    channels_last: bool = False
    shift: int = 4
    hole: int = 0

    @property
    def cls_num_list(self):
        """Return how many training images each class has."""
        return torch.bincount(self.train[1].cpu(), minlength=len(self.class_names)).tolist()

    def batches(self, *, train, device, generator=None):
        """Return one walk: shuffled and augmented for training, in order and as they are for testing."""
        images, labels = (tensor.to(device) for tensor in (self.train if train else self.test))
        return Batches(
            images,
            labels,
            self.batch_size,
            shuffle=train,
            augment=train,
            shift=self.shift,
            hole=self.hole,
            channels_last=self.channels_last,
            generator=generator,
        )


def load_images(settings):
    """Load what the settings `data`, `data_root`, `imbalance` and `num_train`, `num_test` ask for.

    Returns: Images.
    Raises:  FileNotFoundError if images are missing.
    """
    train_images, train_labels, names = _load(settings, train=True)
    test_images, test_labels, _ = _load(settings, train=False)
    if settings.imbalance == "imbalance":
        most = int(np.bincount(train_labels).min())
        counts = class_counts(most, len(names), imb_type=settings.imb_type, imb_factor=settings.imb_factor)
        kept = keep_counts(train_labels, counts, seed=settings.seed)
        train_images, train_labels = train_images[kept], train_labels[kept]
    return Images(
        train=(torch.from_numpy(train_images), torch.from_numpy(train_labels)),
        test=(torch.from_numpy(test_images), torch.from_numpy(test_labels)),
        class_names=tuple(names),
        batch_size=settings.batch_size,
        channels_last=settings.channels_last,
        shift=settings.shift,
        hole=settings.hole,
    )


def _load(settings, *, train):
    """Return images uint8 (N, 3, 32, 32), labels int64 (N,), and the names of the classes."""
    wanted = settings.num_train if train else settings.num_test
    if settings.data == "procedural":
        return load_procedural(settings.data_root, wanted, train=train)
    stored = CIFAR10(settings.data_root, train, download=settings.download, checksums=settings.checksums)
    images = np.ascontiguousarray(stored.data[:wanted].transpose(0, 3, 1, 2))
    return images, np.array(stored.targets[:wanted], dtype=np.int64), stored.classes
