"""What does the lab's convolution cost, and what the usual starter code's? Both against torch's own.

    python benchmarks/custom_conv.py              print the table
    python benchmarks/custom_conv.py --write      and refresh benchmarks/custom_conv.md

One thread, float32; forward and backward of single layers, and a training step of SimpleNet on images of
96 pixels a side. The ways take turns, and medians count. Memory is the peak of one step in a process of its
own, above what is there before. The lab's own functions measure, on the reference answers.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from measuring.clock import processor, run_on_one_thread

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).resolve().with_suffix(".md")
LAB = Path("part2_pytorch/labs/custom_conv")
Rows = list[tuple[str, dict[str, float]]]
WAYS = {"native": "native", "starter": "measuring.starter_conv:StarterConv2d", "solution": "custom"}


def solved(folder: Path) -> None:
    """Lay out part 2 with the lab's reference answers in `folder`, and let imports start there."""
    without = shutil.ignore_patterns("__pycache__", "runs", "files", "*.pth")
    shutil.copytree(ROOT / "part2_pytorch", folder / "part2_pytorch", ignore=without)
    shutil.copy(ROOT / "autograder" / "solutions" / LAB / "convolution.py", folder / LAB)
    sys.path.insert(0, str(folder / "part2_pytorch"))


def measure(comparison: ModuleType, settings: Any, layers: dict[str, Any]) -> Rows:
    """Return rows of the table: what was measured, and by way the milliseconds or MiB."""
    device = torch.device("cpu")
    kinds = tuple(WAYS.values())
    rows = [
        (f"{name}, ms", comparison.time_layers(layer, settings, kinds, device))
        for name, layer in layers.items()
    ]
    rows.append(("a step of SimpleNet, ms", comparison.time_steps(settings, kinds, device)))
    rows = [(name, {kind: 1000 * seconds for kind, seconds in found.items()}) for name, found in rows]
    memory = {kind: comparison.step_bytes(kind, settings, "cpu") / 2**20 for kind in kinds}
    return [*rows, ("memory of a step of SimpleNet, MiB", memory)]


def page(rows: Rows, settings: Any) -> str:
    """Return the whole page."""
    lines = [
        "# A convolution in PyTorch: torch's own, the usual starter code, and the lab's solution", "",
        f"{processor()}, one thread; torch {torch.__version__}; float32, batches of {settings.batch}, "
        f"median of {settings.rounds} rounds in which the ways take turns.", "",
        "| forward and backward | native | starter | solution | starter ÷ native | solution ÷ native |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name, found in rows:
        native, *others = (found[kind] for kind in WAYS.values())
        numbers = [f"{value:.1f}" for value in (native, *others)]
        ratios = [f"{value / native:.2f}" for value in others]
        lines.append(f"| {' | '.join([name, *numbers, *ratios])} |")
    return "\n".join([*lines, "", "Made by `python benchmarks/custom_conv.py --write`.", ""])


def main() -> None:
    """Read the options, measure, print, and write the page where asked to."""
    parser = argparse.ArgumentParser(description="Time the lab's convolution against torch's own.")
    parser.add_argument("--rounds", type=int, default=9, help="the median of so many rounds (default: 9)")
    parser.add_argument("--batch", type=int, default=16, help="images of a batch (default: 16)")
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    run_on_one_thread()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        solved(Path(folder))
        plan = importlib.import_module("labs.custom_conv.settings")
        settings = plan.Settings(batch=options.batch, rounds=options.rounds)
        rows = measure(importlib.import_module("labs.custom_conv.comparison"), settings, plan.LAYERS)
    text = page(rows, settings)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
