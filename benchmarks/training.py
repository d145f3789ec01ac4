"""Does it pay to augment whole batches, and to compute in channels-last and bfloat16? One process, in turn.

    PYTHONPATH=. python benchmarks/training.py [--pictures 2000] [--rounds 3]

Compared are pictures a second: of the input pipeline alone, ours against torchvision's transforms of one PIL
picture at a time behind a DataLoader; and of whole training steps of ResNet-32 on top of either pipeline.
The pictures are made by code. Rounds alternate, and the best of each kind counts, for others use the machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

PART2 = Path(__file__).resolve().parents[1] / "part2_pytorch"
Pairs = Iterable[tuple[torch.Tensor, torch.Tensor]]


class OneByOne(Dataset[tuple[torch.Tensor, int]]):
    """Pictures as the usual handout has them: PIL, transformed one at a time."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        from data import MEAN, STD
        from torchvision import transforms

        self.images, self.labels = images.permute(0, 2, 3, 1).numpy(), labels.tolist()
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize(MEAN, STD),
            ]
        )

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return one picture, transformed, and its label."""
        from PIL import Image

        return self.transform(Image.fromarray(self.images[index])), self.labels[index]


def usual(images: torch.Tensor, labels: torch.Tensor) -> Pairs:
    """Return the pipeline of the usual handout."""
    return DataLoader(OneByOne(images, labels), batch_size=128, shuffle=True)


def ours(images: torch.Tensor, labels: torch.Tensor, *, channels_last: bool = False) -> Pairs:
    """Return part 2's pipeline."""
    from data import Batches

    pairs: Pairs = Batches(images, labels, 128, shuffle=True, augment=True, channels_last=channels_last)
    return pairs


def read_all(batches: Pairs) -> None:
    """Walk through the pictures and do nothing with them."""
    for _ in batches:
        pass


def train(batches: Pairs, *, precision: str = "float32", channels_last: bool = False) -> None:
    """Take one step of SGD a batch."""
    from models import resnet32
    from training import use_precision

    torch.manual_seed(0)
    model = resnet32()
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    with use_precision(model, torch.device("cpu"), precision):
        for data, target in batches:
            loss = nn.functional.cross_entropy(model(data), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def kinds(images: torch.Tensor, labels: torch.Tensor) -> dict[str, Callable[[], None]]:
    """Return what is compared, by name."""
    return {
        "pipeline, usual": lambda: read_all(usual(images, labels)),
        "pipeline, ours": lambda: read_all(ours(images, labels)),
        "training, usual": lambda: train(usual(images, labels)),
        "training, ours, float32": lambda: train(ours(images, labels)),
        "training, ours, float32, channels-last": lambda: train(
            ours(images, labels, channels_last=True), channels_last=True
        ),
        "training, ours, precision auto, channels-last": lambda: train(
            ours(images, labels, channels_last=True), precision="auto", channels_last=True
        ),
    }


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Compare training pipelines.")
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, str(PART2))
    from data import load_procedural
    from training.devices import computes_in_bfloat16

    with tempfile.TemporaryDirectory() as folder:
        pixels, classes, _ = load_procedural(folder, options.pictures)
    compared = kinds(torch.from_numpy(pixels), torch.from_numpy(classes))
    best = dict.fromkeys(compared, float("inf"))
    for _ in range(options.rounds):
        for name, run in compared.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    has_bfloat16 = computes_in_bfloat16(torch.device("cpu"))
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, bfloat16 here: {has_bfloat16}\n")
    print("| kind | pictures a second | against the usual |\n| --- | ---: | ---: |")
    for name, seconds in best.items():
        usual_seconds = best[f"{name.partition(',')[0]}, usual"]
        print(f"| {name} | {options.pictures / seconds:,.0f} | {usual_seconds / seconds:.2f} |")


if __name__ == "__main__":
    main()
