"""What the comparison measures: sizes of batches, rounds, steps, and single layers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Images to train on, seeds, images of a batch, rounds of a measurement, and steps of training."""

    train: int = 2000
    test: int = 100
    seeds: int = 3
    batch: int = 64
    side: int = 96  # pixels of the images that a step of SimpleNet is timed on
    rounds: int = 9
    steps: int = 100


QUICK = {"train": 400, "seeds": 1, "batch": 16, "rounds": 3, "steps": 40}
LAYERS = {  # name: C, F, K, stride, padding, pixels a side
    "3x3 64→64, 32²": (64, 64, 3, 1, 1, 32),
    "3x3 128→128, 16²": (128, 128, 3, 1, 1, 16),
    "7x7/2 3→64, 64²": (3, 64, 7, 2, 3, 64),
    "1x1 64→256, 32²": (64, 256, 1, 1, 0, 32),
    "3x3/2 64→128, 32²": (64, 128, 3, 2, 1, 32),
    "3x3 3→64, 32²": (3, 64, 3, 1, 1, 32),
}
