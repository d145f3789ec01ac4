"""The labelled test images, kept on disk: where each submission gets a fresh container, make them once.

`keep_images` is what the build of a Gradescope image calls; `kept_images` is what grading asks. The file
holds labels: it is for the grader alone, of mode 0600, and no worker can read it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.core.case_sets import order_of_images
from autograder.core.manifest import TestSet
from autograder.core.metrics import LabelledImages
from autograder.grading.test_images import files_of, load_images
from autograder.render.results_file import write_whole_bytes

STORE = Path(".cache") / "test_images"  # below the course


@functools.lru_cache(maxsize=1)  # a class is scored on the same images
def kept_images(root: Path, wanted: TestSet, key: bytes) -> LabelledImages:
    """Return the images that `wanted` describes, in an order that the course's `key` decides.

    A network that counts its calls and knows a public test set by its order gains nothing.
    Raises CourseError if they can be neither read nor made.
    """
    images = _unshuffled(root, wanted)
    order = order_of_images(len(images.labels), key)
    return replace(images, images=images.images[order], labels=images.labels[order])


def _unshuffled(root: Path, wanted: TestSet) -> LabelledImages:
    """Return kept images where they are of the same making, or make them now."""
    path = _place(root, wanted)
    try:
        with np.load(path, allow_pickle=False) as kept:
            names = tuple(str(name) for name in kept["names"])
            return LabelledImages(kept["images"], kept["labels"], names, str(kept["origin"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return load_images(root, wanted)


def keep_images(root: Path, wanted: TestSet) -> Path:
    """Make the images and write them to the store; return where.

    Raises CourseError if they cannot be made, HarnessError if the disk refuses.
    """
    made, path, stream = load_images(root, wanted), _place(root, wanted), io.BytesIO()
    np.savez(
        stream,
        images=made.images,
        labels=made.labels,
        names=np.array(made.names),
        origin=np.array(made.origin),
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole_bytes(path, stream.getvalue())
    path.chmod(0o600)
    return path


def _place(root: Path, wanted: TestSet) -> Path:
    """Return a name that changes with whatever the images depend on."""
    digest = hashlib.sha256(repr(wanted).encode())
    for name, content in sorted(files_of(root, wanted).items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return root / STORE / f"{digest.hexdigest()[:32]}.npz"
