"""What the experiment trains and measures."""

from dataclasses import dataclass

LEVELS = (0, 1, 2, 4, 8, 12, 16)  # of the curve of accuracy against epsilon, in 255ths
NAMES = {  # how to train: in tables
    "plain": "clean images",
    "fgsm": "FGSM, random start",
    "n-fgsm": "N-FGSM",
    "pgd": "PGD, 2 steps",
}


@dataclass(frozen=True)
class Settings:
    """Images, seeds, epochs, batches, the network's width, and the size of the attack in 255ths."""

    train: int = 10_000
    test: int = 1_000
    seeds: int = 1
    epochs: int = 12
    batch: int = 128
    width: int = 32
    rate: float = 0.2
    epsilon: int = 8
    steps: int = 20  # of the attack in the tables
    watched: int = 250  # test images on which every epoch is measured


QUICK = {"train": 2000, "test": 100, "epochs": 10, "width": 16, "epsilon": 4, "steps": 10, "watched": 50}
