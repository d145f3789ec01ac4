"""How well do networks withstand attacks, by the way that they were trained? The lab's own experiment.

    python benchmarks/robustness.py --data cifar10 --data-root FOLDER [--no-checksums] --device cuda --write

The reference answers of the lab train and attack its network, as `python -m labs.robustness` does; the page,
benchmarks/robustness.md, has its tables, how long each training took, and the epoch in which accuracy under
PGD was lost where it was. `--out` keeps the experiment, so that the same command continues where it stopped.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring.clock import processor
from measuring.solved import lay_out

METHODS = ("plain", "fgsm", "n-fgsm", "pgd")
FLAGS = {"--train": 50_000, "--test": 1000, "--epochs": 15, "--batch": 128, "--width": 64, "--steps": 20}
COLLAPSED = 0.05  # accuracy under PGD of a network that has learned to withstand a single step only


def run(options: argparse.Namespace, out: Path) -> None:
    """Run the lab's command; its tables, figures and results.json go to `out`."""
    command = ["--data", options.data, "--device", options.device, "--out", str(out), "--methods", *METHODS]
    command += ["--data-root", options.data_root or str(out / "files")]
    for flag in FLAGS:
        command += [flag, str(getattr(options, flag[2:]))]
    importlib.import_module("labs.robustness.__main__").main(
        [*command, *(["--no-checksums"] if options.no_checksums else [])]
    )


def collapse(history: list[dict[str, float]]) -> str:
    """Return in words when accuracy under PGD was lost, and what FGSM said then."""
    lost = [epoch for epoch, found in enumerate(history, 1) if found["pgd"] < COLLAPSED < found["fgsm"] / 4]
    if not lost:
        return "–"
    first = history[lost[0] - 1]
    return f"epoch {lost[0]}: FGSM {100 * first['fgsm']:.0f}, PGD {100 * first['pgd']:.0f}"


def page(out: Path, command: str) -> str:
    """Return the page from the results in `out`."""
    results: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    settings, measured = results["settings"], results["measured"]
    names = importlib.import_module("labs.robustness.settings").NAMES
    where = results["machine"]["gpu"] if settings["device"] == "cuda" else f"{processor()}, CPU"
    lines = [
        "# Networks that withstand attacks", "",
        f"{where}; torch {results['machine']['torch']}; {settings['data']}, {settings['train']} training and "
        f"{settings['test']} test images; RobustNet of width {settings['width']}, {settings['epochs']} "
        f"epochs of batches of {settings['batch']}. Attacks move each pixel by at most "
        f"{settings['epsilon']}/255; PGD takes {settings['steps']} steps. Accuracies in %.", "",
        (out / "accuracy.md").read_text(encoding="utf-8"),
        "| trained on | training, s | accuracy under PGD lost in |", "| --- | ---: | ---: |",
    ]  # fmt: skip
    for method in METHODS:
        training = measured[f"{method}, seed 0: training"]
        lines.append(f"| {names[method]} | {training['seconds']:.0f} | {collapse(training['value'])} |")
    lines += ["", (out / "ways.md").read_text(encoding="utf-8"), f"Made by `{command}`.", ""]
    return "\n".join(lines)


def main() -> None:
    """Read the options, run the experiment, print the page, and write it where asked to."""
    parser = argparse.ArgumentParser(description="Train and attack the lab's network.")
    parser.add_argument("--data", default="procedural", help="procedural (default), cifar10 or a folder")
    parser.add_argument("--data-root", help="where CIFAR-10 lies")
    parser.add_argument("--no-checksums", action="store_true", help="take CIFAR-10's files as they are")
    parser.add_argument("--device", default="cpu", help="cpu (default), cuda or mps")
    for flag, value in FLAGS.items():
        parser.add_argument(flag, type=int, default=value, help=f"default: {value}")
    parser.add_argument("--out", type=Path, help="keep the experiment in this folder")
    parser.add_argument("--write", action="store_true", help="refresh benchmarks/robustness.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), "robustness")
        out = (options.out or Path(folder) / "out").resolve()
        run(options, out)
        hidden = ("--data-root", "--out")  # places of one machine
        words = [word for word in sys.argv[1:] if word != options.data_root and word != str(options.out)]
        command = " ".join(word for word in words if word not in hidden)
        text = page(out, f"python benchmarks/robustness.py {command}")
        if options.write:
            Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
