"""What the experiment trains and measures."""

from dataclasses import dataclass

NAMES = {  # what networks are trained on: in tables
    "plain": "plain images",
    "stylised": "stylised images",
    "both": "both, half of each",
}


@dataclass(frozen=True)
class Settings:
    """Images, conflicts, seeds, epochs, batches, the learning rate, and the network's width."""

    train: int = 6000
    test: int = 1000
    conflicts: int = 1000
    seeds: int = 3
    epochs: int = 10
    batch: int = 64
    rate: float = 0.1
    width: int = 16


QUICK = {"train": 2000, "test": 300, "conflicts": 400, "seeds": 1}
