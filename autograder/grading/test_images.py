"""The labelled images on which checkpoints are scored: CIFAR-10's test set, or procedural images.

The labels stay in this process; workers are sent the images alone.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import io
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograder.core.errors import CourseError
from autograder.core.manifest import TestSet
from autograder.core.metrics import LabelledImages

BATCH = Path("cifar-10-batches-py") / "test_batch"
NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@functools.lru_cache(maxsize=1)  # a class is scored on the same images
def load_images(root: Path, wanted: TestSet) -> LabelledImages:
    """Return the images that `wanted` describes, for the course at `root`.

    Raises CourseError if they are not there.
    """
    return _made_by_code(root, wanted) if wanted.source == "procedural" else _cifar10(root, wanted)


def files_of(root: Path, wanted: TestSet) -> dict[str, bytes]:
    """Return the files below the course that `load_images` needs, so that they can be shipped."""
    if wanted.source == "procedural":
        sources = {f"{wanted.generator}/{path.name}": path.read_bytes() for path in _sources(root, wanted)}
        return {**sources, wanted.key_file: _key(root, wanted)} if wanted.key_file else sources
    return {(Path(wanted.root) / BATCH).as_posix(): _bytes_of(_batch(root, wanted))}


def _made_by_code(root: Path, wanted: TestSet) -> LabelledImages:
    generator = _generator(root, wanted)
    images, labels = generator.make_procedural(wanted.images, seed=_seed(root, wanted))
    origin = f"{wanted.images} procedural images"  # anyone who knew the seed could train on them
    return LabelledImages(images, labels, tuple(generator.CLASS_NAMES), origin)


def _seed(root: Path, wanted: TestSet) -> int:
    """Return the seed of the manifest, or with a key one made of both, which nobody without it can guess."""
    if not wanted.key_file:
        return wanted.seed
    secret = b"%d %b" % (wanted.seed, _key(root, wanted).strip())
    return int.from_bytes(hashlib.sha256(secret).digest()[:8], "big")


def _key(root: Path, wanted: TestSet) -> bytes:
    path = root / wanted.key_file
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path}: expected the key of the test images, got {error.strerror}; write a long random text "
            'to it, or set key_file = "" in assignment.toml.'
        ) from error


def _generator(root: Path, wanted: TestSet) -> Any:
    """Import the course's generator of images under its own name."""
    folder = root / wanted.generator
    name = f"autograder_images_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    _sources(root, wanted)
    package = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert package is not None and package.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(package)
    package.loader.exec_module(module)
    return module


def _sources(root: Path, wanted: TestSet) -> list[Path]:
    folder = root / wanted.generator
    found = sorted(folder.glob("*.py")) if wanted.generator else []
    if not found:
        raise CourseError(
            f"{folder}: expected the generator of the test images, found none; restore the "
            'folder, or set source = "cifar10" in assignment.toml.'
        )
    return found


def _batch(root: Path, wanted: TestSet) -> Path:
    folder = root / wanted.root
    return folder / BATCH.name if folder.name == BATCH.parent.name else folder / BATCH


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path}: expected CIFAR-10's test images, got {error.strerror}; set root to the folder that "
            f'holds {BATCH.parent}, or source = "procedural".'
        ) from error


class _ArraysOnly(pickle.Unpickler):
    """Reads the pickle of CIFAR-10, and no other function or class than its arrays need."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what rebuilds an array; raise UnpicklingError for anything else."""
        if (module.replace("._core", ".core"), name) == ("numpy.core.multiarray", "_reconstruct"):
            return np.zeros(0).__reduce__()[0]  # wherever this NumPy keeps it
        if (module, name) in (("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode")):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in CIFAR-10")


def _cifar10(root: Path, wanted: TestSet) -> LabelledImages:
    path = _batch(root, wanted)
    content = _bytes_of(path)
    try:
        read = _ArraysOnly(io.BytesIO(content), encoding="bytes").load()
        # Copies that Python 3 wrote have keys of text.
        table = {key.decode() if isinstance(key, bytes) else key: value for key, value in read.items()}
        images = np.asarray(table["data"], dtype=np.uint8).reshape(-1, 3, 32, 32)
        labels = np.asarray(table["labels"], dtype=np.int64)
    except Exception as error:  # a damaged pickle raises almost anything
        raise CourseError(
            f"{path}: expected CIFAR-10's test batch, got {type(error).__name__}: {error}."
        ) from error
    if len(images) != len(labels) or labels.min() < 0 or labels.max() >= len(NAMES):
        raise CourseError(f"{path}: expected as many labels of {len(NAMES)} classes as images.")
    count = min(wanted.images, len(labels))
    return LabelledImages(images[:count], labels[:count], NAMES, f"{count} test images of CIFAR-10")
