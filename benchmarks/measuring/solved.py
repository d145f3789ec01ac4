"""Part 2 with the reference answers of a lab, where a measurement can import it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = Path("part1_convnet/data")  # of procedural images


def lay_out(folder: Path, lab: str) -> None:
    """Copy part 2 and the lab's reference answers to `folder`, and let imports start there."""
    without = shutil.ignore_patterns("__pycache__", "runs", "files", "*.pth")
    part = Path("part2_pytorch")
    shutil.copytree(ROOT / part, folder / part, ignore=without)
    shutil.copytree(ROOT / GENERATOR, folder / GENERATOR, ignore=without)
    answers = ROOT / "autograder" / "solutions" / part / "labs" / lab
    shutil.copytree(answers, folder / part / "labs" / lab, dirs_exist_ok=True)
    sys.path.insert(0, str(folder / part))
