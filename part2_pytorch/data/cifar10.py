"""CIFAR-10 through torchvision: downloaded, or out of a folder that holds cifar-10-batches-py already.

Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images.
"""

import pickle
from pathlib import Path

import numpy as np
import torchvision

CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class CIFAR10(torchvision.datasets.CIFAR10):
    """torchvision's data set, which may also take files whose checksums are not the official ones.

    Attributes: data     uint8 (N, 32, 32, 3), a NumPy array;
                targets  a list of N labels.
    """

    def __init__(
        self,
        root,
        train=True,
        transform=None,
        target_transform=None,
        download=False,
        checksums=True,
    ):
        """Read the images below `root`, or download them; raise FileNotFoundError if that fails.

        With `checksums` off, files are taken as they are. They are pickles, which can run code when they are
        read: take them only from a source you trust.
        """
        self.checksums = checksums
        folder = Path(root)
        if folder.name == self.base_folder:  # the folder of the batches itself
            folder = folder.parent
        if not download and not self._has_files(folder):
            raise FileNotFoundError(
                f"CIFAR10: expected {self.base_folder} (data_batch_1, ..., test_batch) in {folder}, it is "
                f"incomplete; {self._advice()}"
            )
        try:
            super().__init__(str(folder), train, transform, target_transform, download)
        except KeyError:  # a copy of the data whose keys are bytes, and not text
            self.data, self.targets = self._read_batches()
            self._load_meta()
        except (OSError, RuntimeError) as error:  # no network, a full disk, files that are damaged
            raise FileNotFoundError(
                f"CIFAR10: expected {self.base_folder} in {folder} or from the network, got: {error}; "
                f"{self._advice()}"
            ) from error

    def _advice(self):
        return f"download {self.url} and unpack it there, or use procedural images: --data procedural."

    def _has_files(self, folder):
        names = [name for name, _ in self.train_list + self.test_list]
        return all((folder / self.base_folder / name).is_file() for name in names)

    def _read_batches(self):
        """Return the images (N, 32, 32, 3) and the labels of the files, whatever kind of keys they have."""
        images, labels = [], []
        for name, _ in self.train_list if self.train else self.test_list:
            with open(Path(self.root, self.base_folder, name), "rb") as file:
                read = pickle.load(file, encoding="latin1")
            batch = {key.decode() if isinstance(key, bytes) else key: value for key, value in read.items()}
            images.append(np.asarray(batch["data"], dtype=np.uint8).reshape(-1, 3, 32, 32))
            labels.extend(int(label) for label in batch["labels"])
        return np.concatenate(images).transpose(0, 2, 3, 1), labels

    def _check_integrity(self):
        """Tell whether the files are there and, unless that is switched off, have the official checksums."""
        return super()._check_integrity() if self.checksums else self._has_files(Path(self.root))

    def _load_meta(self):
        """Read the names of the classes or, without checksums, take the official ones."""
        if self.checksums:
            super()._load_meta()
        else:
            self.classes = list(CLASS_NAMES)
            self.class_to_idx = {name: index for index, name in enumerate(CLASS_NAMES)}
