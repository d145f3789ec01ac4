"""Your own images: a folder with one folder per class, as torchvision's ImageFolder reads it.

FOLDER/train/<class>/*.png  and  FOLDER/test/<class>/*.png      as they are divided there; or
FOLDER/<class>/*.png                                            every fifth image of a class is for testing
"""

import torch

TEST_NAMES = ("test", "val", "valid", "validation")
EVERY = 5  # of the images of a class, one is for testing


def read_folder(folder, train, test, *, side):
    """Return (images, labels, class names) to learn from and to test on, at most `train` and `test` of them.

    Images are scaled, and cut to squares of `side` pixels around their middle: uint8 (N, 3, side, side).
    Raises FileNotFoundError if there are no images, ValueError if a class has one image only, or if
    the test classes differ from the training classes.
    """
    divided = next((folder / name for name in TEST_NAMES if (folder / name).is_dir()), None)
    if divided is not None and (folder / "train").is_dir():
        learned, tested = _listed(folder / "train"), _listed(divided)
        if learned[1] != tested[1]:
            raise ValueError(
                f"{folder}: expected the same classes in train and {divided.name}, got "
                f"{', '.join(sorted(set(learned[1]) ^ set(tested[1])))} in only one of them."
            )
        names = learned[1]
        chosen = learned[0], tested[0]
    else:
        files, names = _listed(folder)
        chosen = _divided(folder, files, names)
    return tuple(
        _read(_mixed(files, names)[:count], names, side)
        for files, count in zip(chosen, (train, test), strict=True)
    )


def _listed(folder):
    """Return [(path, label), ...] in the order of their names, and the names of the classes."""
    from torchvision.datasets import ImageFolder

    try:
        found = ImageFolder(folder)
    except FileNotFoundError as error:
        said = str(error).splitlines()[0].rstrip(".")
        raise FileNotFoundError(
            f"{folder}: expected one folder per class with images in it, found none ({said}); put at "
            "least two images into each."
        ) from None
    return found.samples, tuple(found.classes)


def _divided(folder, files, names):
    """Divide the files of every class: every fifth, and at least one, is for testing."""
    learned, tested = [], []
    for label, name in enumerate(names):
        mine = [entry for entry in files if entry[1] == label]
        if len(mine) < 2:
            raise ValueError(
                f"{folder / name}: expected at least two images, one to learn from and one to test on, got "
                f"{len(mine)}."
            )
        tested += mine[::EVERY]
        learned += [entry for index, entry in enumerate(mine) if index % EVERY]
    return learned, tested


def _mixed(files, names):
    """Return the files with their classes taking turns, so that the first few hold some of every class."""
    turns = [[entry for entry in files if entry[1] == label] for label in range(len(names))]
    longest = max(map(len, turns))
    return [mine[index] for index in range(longest) for mine in turns if index < len(mine)]


def _read(files, names, side):
    from PIL import Image
    from torchvision.transforms import CenterCrop, Compose, PILToTensor, Resize

    prepare = Compose([Resize(side, antialias=True), CenterCrop(side), PILToTensor()])
    images = []
    for path, _ in files:
        try:
            with Image.open(path) as image:
                images.append(prepare(image.convert("RGB")))
        except OSError as error:
            raise ValueError(f"{path}: expected a readable image, got: {error}.") from None
    return torch.stack(images), torch.tensor([label for _, label in files]), names
