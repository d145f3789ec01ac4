"""Does it pay to augment whole batches, and to compute in channels-last and bfloat16? One process, in turn.

    PYTHONPATH=. python benchmarks/training.py [--images 4000] [--rounds 5] [--write]

Compared are images a second: of the input pipeline alone, ours against torchvision's transforms of one PIL
image at a time behind a DataLoader without worker processes, both with crop, flip and normalisation; of
whole training steps of ResNet-32 in batches of 128 on top of either pipeline, *usual* being contiguous
float32; and of steps of the reference's MyModel in batches of 500, in bfloat16 by torch's autocast alone and
with small images laid side by side. The images are procedural. Rounds alternate, and the best of each
kind counts, because other programs use the machine.
"""

from __future__ import annotations

import argparse
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import torch
from measuring.clock import processor
from torch import nn
from torch.utils.data import DataLoader, Dataset

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).resolve().with_suffix(".md")
PART2 = ROOT / "part2_pytorch"
MY_MODEL = ROOT / "autograder" / "solutions" / "part2_pytorch" / "models" / "my_model.py"
Pairs = Iterable[tuple[torch.Tensor, torch.Tensor]]


class OneByOne(Dataset[tuple[torch.Tensor, int]]):
    """Images as the usual handout has them: PIL, transformed one at a time."""

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
        """Return the number of images."""
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return one image, transformed, and its label."""
        from PIL import Image

        return self.transform(Image.fromarray(self.images[index])), self.labels[index]


def usual(images: torch.Tensor, labels: torch.Tensor) -> Pairs:
    """Return the pipeline of the usual handout."""
    return DataLoader(OneByOne(images, labels), batch_size=128, shuffle=True)


def ours(
    images: torch.Tensor, labels: torch.Tensor, *, batch_size: int = 128, channels_last: bool = False
) -> Pairs:
    """Return part 2's pipeline."""
    from data import Batches

    pairs: Pairs = Batches(
        images, labels, batch_size, shuffle=True, augment=True, channels_last=channels_last
    )
    return pairs


def read_all(batches: Pairs) -> None:
    """Walk through the images and do nothing with them."""
    for _ in batches:
        pass


def train(batches: Pairs, model: nn.Module, context: AbstractContextManager[Any]) -> None:
    """Take one step of SGD a batch inside of `context`."""
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    with context:
        for data, target in batches:
            loss = nn.functional.cross_entropy(model(data).float(), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def resnet(batches: Pairs, *, precision: str = "float32", channels_last: bool = False) -> None:
    """Train a ResNet-32."""
    from models import resnet32
    from training import use_precision

    torch.manual_seed(0)
    model = resnet32()
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    train(batches, model, use_precision(model, torch.device("cpu"), precision))


def my_model(batches: Pairs, *more: AbstractContextManager[Any]) -> None:
    """Train the reference's MyModel by autocast, inside of `more`."""
    torch.manual_seed(0)
    model = runpy.run_path(str(MY_MODEL))["MyModel"]().to(memory_format=torch.channels_last)
    with ExitStack() as contexts:
        for each in more:
            contexts.enter_context(each)
        train(batches, model, torch.autocast("cpu", torch.bfloat16, cache_enabled=False))


def kinds(images: torch.Tensor, labels: torch.Tensor) -> dict[str, Callable[[], None]]:
    """Return what is compared, by name; each is held against the first of its kind."""
    from training.small_images import SideBySide

    def large() -> Pairs:
        return ours(images, labels, batch_size=500, channels_last=True)

    return {
        "pipeline, usual": lambda: read_all(usual(images, labels)),
        "pipeline, ours": lambda: read_all(ours(images, labels)),
        "ResNet-32, usual": lambda: resnet(usual(images, labels)),
        "ResNet-32, ours, float32": lambda: resnet(ours(images, labels)),
        "ResNet-32, ours, float32, channels-last": lambda: resnet(
            ours(images, labels, channels_last=True), channels_last=True
        ),
        "ResNet-32, ours, precision auto, channels-last": lambda: resnet(
            ours(images, labels, channels_last=True), precision="auto", channels_last=True
        ),
        "MyModel, autocast": lambda: my_model(large()),
        "MyModel, autocast, small images side by side": lambda: my_model(large(), SideBySide()),
    }


def page(best: Mapping[str, float], images: int, rounds: int) -> str:
    """Return the Markdown page."""
    from training.devices import computes_in_bfloat16

    with_bfloat16 = "with" if computes_in_bfloat16(torch.device("cpu")) else "without"
    rows = []
    for name, seconds in best.items():
        kind = name.partition(",")[0]
        first = next(other for known, other in best.items() if known.partition(",")[0] == kind)
        rows.append(f"| {name} | {images / seconds:,.0f} | {first / seconds:.2f} × |")
    return "\n".join(
        [
            "# Our training step against the usual one",
            "",
            f"{processor()} {with_bfloat16} bfloat16, {torch.get_num_threads()} threads; torch "
            f"{torch.__version__}; {images:,} images, best of {rounds} rounds.",
            "",
            "| kind | images per second | against the first of its kind |",
            "| --- | ---: | ---: |",
            *rows,
            "",
            *(__doc__ or "").strip().split("\n")[4:],
            "",
            "Made by `PYTHONPATH=. python benchmarks/training.py --write`.",
            "",
        ]
    )


def main() -> None:
    """Measure, print a table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    sys.path.insert(0, str(PART2))
    from data import load_procedural

    with tempfile.TemporaryDirectory() as folder:
        pixels, classes, _ = load_procedural(folder, options.images)
    compared = kinds(torch.from_numpy(pixels), torch.from_numpy(classes))
    best = dict.fromkeys(compared, float("inf"))
    for _ in range(options.rounds):
        for name, run in compared.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    text = page(best, options.images, options.rounds)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
