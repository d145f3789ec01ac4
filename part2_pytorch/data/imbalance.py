"""Imbalance: data sets in which some classes have far fewer images than others, as in real life.

Cui, Jia, Lin, Song, Belongie (2019), section 5.1: long-tailed CIFAR.
"""

import numpy as np

from .cifar10 import CIFAR10


def class_counts(most, classes=10, *, imb_type="exp", imb_factor=0.01):
    """Say how many images each class keeps.

        exp     class c keeps int(most * imb_factor^(c / (classes - 1)))
        step    the first half of the classes keeps all, the second half int(most * imb_factor)

    but at least one.

    Args:    most: images of the largest class; imb_factor: smallest over largest class, above 0, at most 1.
    Returns: a list of `classes` counts.
    Raises:  ValueError for another type, or a factor that is out of range.

    >>> class_counts(5000)
    [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    """
    if not 0 < imb_factor <= 1:
        raise ValueError(f"class_counts: expected imb_factor above 0, at most 1, got {imb_factor}.")
    if imb_type == "exp":
        return [max(int(most * imb_factor ** (c / (classes - 1))), 1) for c in range(classes)]
    if imb_type == "step":
        return [most if c < classes // 2 else max(int(most * imb_factor), 1) for c in range(classes)]
    raise ValueError(f'class_counts: expected imb_type "exp" or "step", got {imb_type!r}.')


def keep_counts(labels, counts, *, seed=0):
    """Choose which samples stay, at random.

    Args:    labels: (N,); counts: how many of each class stay; seed: of the choice.
    Returns: the indices of those that stay, in ascending order, int64.
    Raises:  ValueError if a class has fewer samples than it is to keep.
    """
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    kept = []
    for label, count in enumerate(counts):
        members = np.flatnonzero(labels == label)
        if len(members) < count:
            raise ValueError(f"keep_counts: expected at least {count} of class {label}, got {len(members)}.")
        kept.append(rng.permutation(members)[:count])
    return np.sort(np.concatenate(kept))


class Imbalanced_CIFAR10(CIFAR10):
    """CIFAR-10 with class sizes that fall exponentially, or in one step. Test images stay balanced.

    Usable like torchvision's CIFAR10, with `transform` and a DataLoader.
    """

    def __init__(
        self,
        root,
        imb_type="exp",
        imb_factor=0.01,
        rand_number=0,
        train=True,
        transform=None,
        target_transform=None,
        download=False,
        checksums=True,
    ):
        """Read CIFAR-10 and, of the training images, keep some; `rand_number` is the seed of the choice."""
        super().__init__(root, train, transform, target_transform, download, checksums)
        if train:
            most = min(np.bincount(self.targets))
            counts = class_counts(int(most), len(self.classes), imb_type=imb_type, imb_factor=imb_factor)
            kept = keep_counts(self.targets, counts, seed=rand_number)
            self.data = self.data[kept]
            self.targets = [self.targets[index] for index in kept]

    def get_cls_num_list(self):
        """Return how many images each class has, by its label."""
        return np.bincount(self.targets, minlength=len(self.classes)).tolist()
