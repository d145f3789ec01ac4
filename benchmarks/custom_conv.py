"""What does the lab's convolution cost, and what the usual starter code's? Both against torch's own.

    python benchmarks/custom_conv.py              print the table
    python benchmarks/custom_conv.py --write      and refresh benchmarks/custom_conv.md
    python benchmarks/custom_conv.py --device cuda --batch 64 --write       benchmarks/custom_conv_cuda.md

Forward and backward of single layers, and a training step of SimpleNet on images of 96 x 96 pixels. The ways
take turns, and medians count. Memory is the peak of one step in a separate process, above what is there
before. The lab's own functions measure, on the reference answers. On a processor: one thread, float32. On a
graphics card: once with products in float32, and once in TF32, for convolutions and matrix products alike.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from measuring.clock import processor, run_on_one_thread
from measuring.solved import lay_out

Rows = list[tuple[str, dict[str, float]]]
WAYS = {"native": "native", "starter": "measuring.starter_conv:StarterConv2d", "solution": "custom"}


def measure(comparison: ModuleType, settings: Any, layers: dict[str, Any], device: torch.device) -> Rows:
    """Return rows of the table: what was measured, and for each way the milliseconds or MiB."""
    kinds = tuple(WAYS.values())
    rows = [
        (f"{name}, ms", comparison.time_layers(layer, settings, kinds, device))
        for name, layer in layers.items()
    ]
    rows.append(("a step of SimpleNet, ms", comparison.time_steps(settings, kinds, device)))
    rows = [(name, {kind: 1000 * seconds for kind, seconds in found.items()}) for name, found in rows]
    memory = {kind: comparison.step_bytes(kind, settings, device.type) / 2**20 for kind in kinds}
    return [*rows, ("memory of a step of SimpleNet, MiB", memory)]


def table(rows: Rows) -> list[str]:
    """Return the lines of a table."""
    lines = [
        "| forward and backward | native | starter | solution | starter ÷ native | solution ÷ native |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, found in rows:
        native, *others = (found[kind] for kind in WAYS.values())
        numbers = [f"{value:.2f}" if value < 10 else f"{value:.0f}" for value in (native, *others)]
        ratios = [f"{value / native:.2f}" for value in others]
        lines.append(f"| {' | '.join([name, *numbers, *ratios])} |")
    return [*lines, ""]


def page(tables: dict[str, Rows], settings: Any, device: torch.device, command: str) -> str:
    """Return the whole page; `tables` has one of rows for each precision of products."""
    where = torch.cuda.get_device_name() if device.type == "cuda" else f"{processor()}, one thread"
    lines = [
        "# A convolution in PyTorch: torch's own, the usual starter code, and the lab's solution", "",
        f"{where}; torch {torch.__version__}; float32, batches of {settings.batch}, "
        f"median of {settings.rounds} rounds in which the ways take turns.", "",
    ]  # fmt: skip
    for precision, rows in tables.items():
        lines += [f"Products in {precision}:", "", *table(rows)]
    return "\n".join([*lines, f"Made by `{command}`.", ""])


def set_precision(precision: str) -> None:
    """Have convolutions and matrix products on a graphics card computed in "float32" or "TF32"."""
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "TF32"


def main() -> None:
    """Read the options, measure, print, and write the page where asked to."""
    parser = argparse.ArgumentParser(description="Time the lab's convolution against torch's own.")
    parser.add_argument("--rounds", type=int, default=9, help="the median of so many rounds (default: 9)")
    parser.add_argument("--batch", type=int, default=16, help="images per batch (default: 16)")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where (default: cpu)")
    parser.add_argument("--write", action="store_true", help="refresh the page")
    options = parser.parse_args()
    run_on_one_thread()
    torch.set_num_threads(1)
    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        parser.error("--device cuda: expected a graphics card that torch can use, and found none.")
    tables = {}
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), "custom_conv")
        plan = importlib.import_module("labs.custom_conv.settings")
        comparison = importlib.import_module("labs.custom_conv.comparison")
        settings = plan.Settings(batch=options.batch, rounds=options.rounds)
        for precision in ("float32", "TF32")[: 1 + (device.type == "cuda")]:
            set_precision(precision)
            tables[precision] = measure(comparison, settings, plan.LAYERS, device)
    command = " ".join(["python benchmarks/custom_conv.py", *sys.argv[1:]])
    text = page(tables, settings, device, command)
    print(text)
    if options.write:
        name = "custom_conv_cuda.md" if device.type == "cuda" else "custom_conv.md"
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
