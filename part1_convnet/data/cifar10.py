"""CIFAR-10 from a folder: 60,000 images of ten kinds of objects, 32 x 32 pixels each.

Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images.
"""

import pickle
from pathlib import Path

import numpy as np

FOLDER = "cifar-10-batches-py"
TRAIN_FILES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")
TEST_FILES = ("test_batch",)
ARCHIVE = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"


def load_cifar10(root, *, train=True):
    """Read the training or the test images of CIFAR-10.

    The files are Python pickles, and a pickle can run code: read only files from a source that you trust.

    Args:    root: the folder `cifar-10-batches-py`, or the folder that contains it.
             train: the 50,000 training images, otherwise the 10,000 test images.
    Returns: images, uint8 (N, 3, 32, 32), channels red, green, blue; labels, int64 (N,), from 0 to 9.
    Raises:  FileNotFoundError if files are missing, ValueError if one is not a CIFAR-10 batch.
    """
    folder = _find_folder(Path(root))
    batches = [_read_batch(folder / name) for name in (TRAIN_FILES if train else TEST_FILES)]
    images = np.concatenate([images for images, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    return images, labels


def _find_folder(root):
    """Return the folder with the batches, or say what to do if there is none."""
    for folder in (root, root / FOLDER):
        if (folder / TEST_FILES[0]).is_file():
            return folder
    raise FileNotFoundError(
        f"load_cifar10: expected the files of CIFAR-10 ({TRAIN_FILES[0]}, ..., {TEST_FILES[0]}) in {root} "
        f"or in {root / FOLDER}, found none; download {ARCHIVE} and unpack it there, or use the procedural "
        f"images, which need no download (python train.py --data procedural)."
    )


def _read_batch(path):
    """Return the images and labels of one file."""
    if not path.is_file():
        raise FileNotFoundError(
            f"load_cifar10: expected a file {path}, found none; the archive was only partly unpacked: "
            f"unpack {ARCHIVE} again."
        )
    try:
        with path.open("rb") as file:
            read = pickle.load(file, encoding="latin1")
        # Some copies of the data have keys of bytes, others of text.
        batch = {key.decode() if isinstance(key, bytes) else key: value for key, value in read.items()}
        images = np.asarray(batch["data"], dtype=np.uint8).reshape(-1, 3, 32, 32)
        labels = np.asarray(batch["labels"], dtype=np.int64)
    except (pickle.UnpicklingError, EOFError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"load_cifar10: expected a batch of CIFAR-10 in {path}, got something else ({error}); unpack "
            f"{ARCHIVE} again."
        ) from error
    if len(images) != len(labels):
        raise ValueError(
            f"load_cifar10: expected one label per image in {path}, got {len(images)}, {len(labels)}."
        )
    return images, labels
