"""What do the reference networks reach on CIFAR-10, and how long does this machine train them?

    python benchmarks/reference.py --data-root FOLDER            what is not trained yet, then all tables
    python benchmarks/reference.py --data-root FOLDER --only mymodel
    python benchmarks/reference.py --data-root FOLDER --write    and refresh benchmarks/reference.md

FOLDER holds cifar-10-batches-py. The runs are those that students make: `python solver.py --config ...` and
`python experiments.py`, in a copy of part 2 with the reference answers below --work, which is kept. So a run
that was stopped goes on, and one that is finished is only read. Files are taken as they are, whatever their
checksums; the page says whether they are the original ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from measuring.clock import processor
from torchvision.datasets import CIFAR10

PROJECT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).resolve().with_suffix(".md")
NETWORKS = {  # the config's name, and the checkpoint's
    "twolayer": ("config_twolayer.yaml", "twolayernet.pth"),
    "vanilla": ("config_vanilla_cnn.yaml", "vanillacnn.pth"),
    "mymodel": ("config_mymodel.yaml", "mymodel.pth"),
}
IMBALANCE = "imbalance"
DOWNLOADED = PROJECT / "part2_pytorch" / "data" / "files"  # where part 2 downloads CIFAR-10 to


def prepare(work: Path) -> Path:
    """Bring the copy of part 2 with the reference answers up to date, and return it; runs stay."""
    part = work / "part2_pytorch"
    without = shutil.ignore_patterns("__pycache__", "runs", "*.pth", "files")
    for source in (PROJECT / "part2_pytorch", PROJECT / "autograder" / "solutions" / "part2_pytorch"):
        shutil.copytree(source, part, ignore=without, dirs_exist_ok=True)
    return part


def train(part: Path, wanted: Sequence[str], data_root: Path) -> None:
    """Run the students' own commands; what is finished is not trained again."""
    images = ["--data", "cifar10", "--data-root", str(data_root), "--no-checksums"]
    for name in wanted:
        if name == IMBALANCE:
            command = ["experiments.py", *images]
        else:
            command = ["solver.py", "--config", f"configs/{NETWORKS[name][0]}", "--name", name, "--resume"]
            command += images
        subprocess.run([sys.executable, *command], cwd=part, check=True, env={**os.environ})


def network_rows(part: Path) -> Iterator[str]:
    """Yield a row for every network whose run is there."""
    for name, (config, checkpoint) in NETWORKS.items():
        folder = part / "runs" / name
        if not (folder / "metrics.jsonl").is_file():
            continue
        epochs = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        settings = json.loads((folder / "settings.json").read_text())
        kept = max if settings["save_best"] else (lambda values: values[-1])
        accuracy = kept([epoch["test_accuracy"] for epoch in epochs])
        minutes = sum(epoch["seconds"] for epoch in epochs) / 60
        size = (part / "checkpoints" / checkpoint).stat().st_size / 1e6
        yield (
            f"| {settings['model']} | `{config}` | {len(epochs)} | {settings['batch_size']} | {minutes:.1f} "
            f"| {size:.1f} | {accuracy:.4f} |"
        )


def imbalance_tables(part: Path) -> Iterator[str]:
    """Yield the lines of the tables that `experiments.py` wrote, if it did."""
    folder = part / "runs" / IMBALANCE
    if not (folder / "summary.json").is_file():
        return
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    epochs = summary["runs"][0]["epochs"]
    yield from ("", "## ResNet-32 on imbalanced CIFAR-10 (exp, 0.01)", "")
    yield f"{sum(summary['counts'])} training images, {epochs} epochs each, `config_resnet32.yaml`."
    for table in ("table.md", "beta_sweep.md"):
        yield from ("", (folder / table).read_text(encoding="utf-8").strip())


def origin(data_root: Path) -> str:
    """Say whether the test images in `data_root` are CIFAR-10's own, by their checksum."""
    (name, expected), *_ = CIFAR10.test_list
    content = (data_root / CIFAR10.base_folder / name).read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() == expected:
        return "The files are the original ones."
    return "The files are not the original ones: their checksum differs, as that of a copy kept as JPEG does."


def page(part: Path, data_root: Path) -> str:
    """Return the Markdown page of all runs that are there."""
    lines = [
        "# Reference results on CIFAR-10",
        "",
        f"{processor()}, {torch.get_num_threads()} threads, PyTorch {torch.__version__.split('+')[0]}; "
        f"accuracy on the 10,000 test images. {origin(data_root)}",
        "",
        "| network | config | epochs | batch | minutes, tests included | checkpoint, MB | accuracy |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        *network_rows(part),
        *imbalance_tables(part),
        "",
        "Made by `python benchmarks/reference.py --data-root FOLDER --write`.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Train what is missing, print the tables, and with --write keep them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    names = [*NETWORKS, IMBALANCE]
    parser.add_argument("--data-root", type=Path, default=DOWNLOADED, help="default: %(default)s")
    parser.add_argument(
        "--work", type=Path, default=PROJECT / "out" / "reference", help="default: %(default)s"
    )
    parser.add_argument("--only", nargs="*", choices=names, default=names, help="train these only")
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    if not (options.data_root / "cifar-10-batches-py").is_dir():
        print(f"{options.data_root} has no cifar-10-batches-py: nothing to train on, so nothing is measured.")
        return
    part = prepare(options.work)
    train(part, options.only, options.data_root.resolve())
    text = page(part, options.data_root)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
