"""What the experiment trains and measures."""

from dataclasses import dataclass

SIZES = (32, 48, 64)  # pixels a side of the images that networks are trained on
UNSEEN = (28, 40, 56, 80)  # and of those that they are tested on besides
NETWORKS = {  # in tables
    "fixed": "FixedNet, images resized to 28",
    "max": "VariableNet, global max pooling",
    "mean": "VariableNet, global mean pooling",
}
PARTS = ("comparison", "augmentation", "sweeps")
SWEEPS = {  # setting: its values; the others stay as they are
    "rate": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "batch": (8, 32, 128),
    "epochs": (1, 2, 4, 6),
}


@dataclass(frozen=True)
class Settings:
    """Images, seeds, epochs, images of a batch, and Adam's learning rate at the start."""

    train: int = 10_000
    test: int = 2_000
    seeds: int = 3
    epochs: int = 4
    batch: int = 32
    rate: float = 0.003


QUICK = {"train": 1800, "test": 500, "seeds": 1}
