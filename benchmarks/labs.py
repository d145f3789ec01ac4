"""Do the labs reach what they promise? Their own experiments, with the reference answers, against targets.

    python benchmarks/labs.py --data-root FOLDER --out FOLDER --write

FOLDER of --data-root has MNIST/raw. Every lab of the table is trained and measured by its own command, one
row per target; `--out` keeps what was measured and how much processor time it took, so that the same command
continues where it stopped. `--write` refreshes benchmarks/labs.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.clock import processor
from measuring.solved import lay_out

HERE = Path(__file__).resolve().parent
SIZES = ("32", "48", "64")  # pixels a side of the images of the resolution lab


@dataclass(frozen=True)
class Row:
    """What a lab should reach: accuracies per seed in [0, 1], and the target for their mean."""

    what: str
    found: list[float]
    target: float

    def __str__(self) -> str:
        """Return the row of the table."""
        spread = f" ± {100 * statistics.stdev(self.found):.2f}" if len(self.found) > 1 else ""
        mean = statistics.fmean(self.found)
        reached = "yes" if mean >= self.target else "no"
        return f"| {self.what} | {100 * mean:.2f}{spread} | {100 * self.target:.2f} | {reached} |"


def resolution_rows(measured: dict[str, Any], seeds: int) -> Iterator[Row]:
    """Yield the rows of the lab on resolutions, as far as they are measured."""

    def values(key: str) -> list[Any]:
        entries = [measured.get(key.format(seed)) for seed in range(seeds)]
        return [entry["value"] for entry in entries if entry]

    for name, target in (("without", 0.993), ("with", 0.994)):
        found = values(f"{name} augmentation, seed {{}}: accuracy")
        if found:
            yield Row(f"resolution: FixedNet, 28 pixels, {name} augmentation", found, target)
    means = {}
    for kind in ("fixed", "max", "mean"):
        by_size = values(f"{kind}, seed {{}}: accuracy by size")
        means[kind] = [statistics.fmean(one[size] for size in SIZES) for one in by_size]
    if means["fixed"]:
        yield Row("resolution: FixedNet, mixed sizes, resized", means["fixed"], 0.992)
    if means["max"]:
        yield Row("resolution: VariableNet (max), mixed sizes", means["max"], 0.992)
    if means["fixed"] and means["max"]:
        least = statistics.fmean(means["fixed"])
        yield Row("resolution: VariableNet (max) at least as good as FixedNet", means["max"], least)


def run_resolution(options: argparse.Namespace, out: Path) -> None:
    """Run the resolution lab's comparison and augmentation on MNIST."""
    command = ["--data", "mnist", "--data-root", options.data_root, "--device", "cpu", "--out", str(out)]
    command += ["--parts", "augmentation", "comparison"]
    for name in ("train", "test", "seeds", "epochs", "batch"):
        command += [f"--{name}", str(getattr(options, name))]
    importlib.import_module("labs.resolution.__main__").main(command)


def timed(options: argparse.Namespace, out: Path) -> float:
    """Run the lab; return the minutes of processor time that it took, earlier runs and stopped ones too."""
    clock = out.with_suffix(".seconds")
    before = float(clock.read_text(encoding="utf-8")) if clock.is_file() else 0.0
    start = time.process_time()
    try:
        run_resolution(options, out)
    finally:
        seconds = before + time.process_time() - start
        clock.write_text(f"{seconds:.1f}\n", encoding="utf-8")
    return seconds / 60


def page(out: Path, minutes: float, command: str) -> str:
    """Return the page from the results in `out`."""
    results: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    settings = results["settings"]
    lines = [
        "# What the labs reach", "",
        f"{processor()}, CPU, one thread; torch {results['machine']['torch']}. Resolution: MNIST, "
        f"{settings['train']} training and {settings['test']} test images, {settings['seeds']} seed(s), "
        f"{settings['epochs']} epochs of batches of {settings['batch']}, Adam at {settings['rate']} falling "
        f"to 0; {minutes:.0f} minutes of processor time. Accuracies in %, mean over seeds; of mixed sizes, "
        "the mean over 32, 48 and 64 pixels.", "",
        "| what | accuracy | target | reached |", "| --- | ---: | ---: | --- |",
        *map(str, resolution_rows(results["measured"], settings["seeds"])), "",
        f"Made by `{command}`.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Read the options, run the labs, print the page, and write it where asked to."""
    parser = argparse.ArgumentParser(description="Measure whether the labs reach their targets.")
    parser.add_argument("--data-root", required=True, help="where MNIST/raw lies")
    defaults = {"train": 60_000, "test": 10_000, "seeds": 3, "epochs": 10, "batch": 64}
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"default: {value}")
    parser.add_argument("--out", type=Path, help="keep what was measured in this folder")
    parser.add_argument("--write", action="store_true", help="refresh benchmarks/labs.md")
    options = parser.parse_args()
    given = [
        f"--{name} {getattr(options, name)}" for name in defaults if getattr(options, name) != defaults[name]
    ]
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), "resolution")
        sys.path.remove(str(HERE))  # this file has the name of the package whose programs it runs
        out = ((options.out or Path(folder)) / "resolution").resolve()
        out.parent.mkdir(parents=True, exist_ok=True)
        importlib.import_module("torch").set_num_threads(1)
        minutes = timed(options, out)
        command = " ".join(["python benchmarks/labs.py --data-root FOLDER", *given, "--write"])
        text = page(out, minutes, command)
        if options.write:
            Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
