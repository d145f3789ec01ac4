"""Are the procedural images as hard as they should be, and does imbalance hurt?

    PYTHONPATH=. python benchmarks/procedural.py [--images 6000] [--epochs 4] [--write]

Two layers should be worse than one convolution, and that worse than a deeper network; and where class sizes
fall from 100 to 1, the rare classes should suffer, beside as many images of classes of one size. Networks
are those of the reference, but MyModel is the small one of the sample `pytorch_trained`; training is that
of part 2's Solver, on one thread.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

TABLE = Path(__file__).resolve().with_suffix(".md")
ROOT = TABLE.parents[1]
SAMPLE = ROOT / "tests" / "golden" / "pytorch_trained" / "submission"
SHARED = {
    "data": "procedural", "schedule": "linear", "warmup": 0.5, "save_best": False, "verbose": False,
    "num_test": 2000, "nesterov": True, "batch_size": 64,
}  # fmt: skip
NETWORKS = (("TwoLayerNet", 0.1), ("VanillaCNN", 0.02), ("MyModel", 0.05))  # and their learning rates


def make_workspace(folder: Path) -> Path:
    """Copy part 2, the reference answers and the sample's MyModel to `folder`; return where part 2 is."""
    without = shutil.ignore_patterns("__pycache__", "runs", "files", "*.pth", "*.xz")
    for part in ("part1_convnet", "part2_pytorch"):
        shutil.copytree(ROOT / part, folder / part, ignore=without)
    workspace = folder / "part2_pytorch"
    for answers in (ROOT / "autograder" / "solutions" / "part2_pytorch", SAMPLE):
        shutil.copytree(answers, workspace, ignore=without, dirs_exist_ok=True)
    return workspace


def train(name: str, **settings: Any) -> list[float]:
    """Train one network; return its accuracy on the test images over all, and that of every class."""
    from solver import Solver

    solver = Solver(**{**SHARED, **settings, "name": name})
    solver.train()
    print(f"trained {name}", file=sys.stderr)
    _, confusion = solver.evaluate()
    shares = confusion.diagonal() / confusion.sum(dim=1).clamp(min=1)
    return [float(confusion.trace() / confusion.sum()), *shares.tolist()]


def compare_networks(images: int, epochs: int) -> list[str]:
    """Return the rows of the first table."""
    rows = []
    for model, rate in NETWORKS:
        found = train(model, model=model, learning_rate=rate, num_train=images, epochs=epochs)
        rows.append(f"| {model} | {rate:g} | {found[0]:.3f} |")
    return rows


def compare_sizes(images: int, epochs: int) -> list[str]:
    """Return the rows of the second table: MyModel on classes of one size, and of very different ones."""
    from data import class_counts

    most = images // 4
    kept = sum(class_counts(most))
    same = {"model": "MyModel", "learning_rate": 0.05, "epochs": 2 * epochs}
    balanced = train("balanced", **same, num_train=kept)
    imbalanced = train("imbalanced", **same, num_train=10 * most, imbalance="imbalance")
    return [
        f"| {kind} | {found[0]:.3f} | {_mean(found[1:6]):.3f} | {_mean(found[6:]):.3f} |"
        for kind, found in (("one size", balanced), ("100 to 1", imbalanced))
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def page(images: int, epochs: int, networks: Sequence[str], sizes: Sequence[str]) -> str:
    """Return the Markdown page."""
    return "\n".join(
        [
            "# Procedural images: how hard they are",
            "",
            f"{images:,} training images, {epochs} epochs, 2,000 test images, float32 on one thread; "
            f"torch {torch.__version__}. Chance is 0.1.",
            "",
            "| network | learning rate | accuracy |",
            "| --- | ---: | ---: |",
            *networks,
            "",
            f"MyModel again, {2 * epochs} epochs: the same number of training images in classes of one "
            "size, and in classes whose sizes fall from 100 to 1.",
            "",
            "| classes | accuracy | first five classes (frequent) | last five (rare) |",
            "| --- | ---: | ---: | ---: |",
            *sizes,
            "",
            "Made by `PYTHONPATH=. python benchmarks/procedural.py --write`.",
            "",
        ]
    )


def main() -> None:
    """Measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=int, default=6000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder))
        sys.path[:0] = [str(workspace)]
        SHARED["path_prefix"] = str(workspace)
        networks = compare_networks(options.images, options.epochs)
        sizes = compare_sizes(options.images, options.epochs)
    text = page(options.images, options.epochs, networks, sizes)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
