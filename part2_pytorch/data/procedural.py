"""The procedural images of part 1, kept on disk after the first time."""

import importlib.util
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PART1 = Path(__file__).resolve().parents[2] / "part1_convnet" / "data"
TRAIN_SEED, TEST_SEED = 0, 1


def load_procedural(folder, count, *, train=True):
    """Return `count` procedural images; the test images differ from the training images.

    The first call makes them (about a second for 4,000) and writes them below `folder`; later ones read them.

    Returns: images, uint8 (count, 3, 32, 32); labels, int64 (count,); the names of the ten classes.
    Raises:  FileNotFoundError if part 1, whose generator it is, does not lie beside this part.
    """
    generator = _generator()
    seed = TRAIN_SEED if train else TEST_SEED
    path = Path(folder) / f"procedural-seed{seed}-{count}.npz"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            images, labels = stored["images"], stored["labels"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):  # not there yet, or damaged
        images, labels = generator.make_procedural(count, seed=seed)
        _store(path, images=images, labels=labels)
    return images, labels, generator.CLASS_NAMES


def _store(path, **arrays):
    """Write `arrays` to `path`: whole or, if the program is stopped, not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(suffix=".npz", dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        np.savez(stream, **arrays)
    os.replace(draft, path)


def _generator():
    """Import part 1's package `data` under its own name, because this package is called `data` too."""
    name = "part1_data"
    if name in sys.modules:
        return sys.modules[name]
    if not (PART1 / "procedural.py").is_file():
        raise FileNotFoundError(
            f"load_procedural: expected the generator of part 1 in {PART1}, found none; keep the folders "
            f"part1_convnet and part2_pytorch side by side, or train on CIFAR-10: --data cifar10."
        )
    spec = importlib.util.spec_from_file_location(
        name, PART1 / "__init__.py", submodule_search_locations=[str(PART1)]
    )
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    return package
