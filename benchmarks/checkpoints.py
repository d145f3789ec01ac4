"""What does it take to grade part 2 with three checkpoints: seconds, and memory of all processes together?

    PYTHONPATH=. python benchmarks/checkpoints.py [--images 10000] [--repeats 2] [--write]

The submission is the reference, with a checkpoint of each of its three networks: freshly made ones, for what
weights are worth changes nothing in what they cost. It is graded by `python -m autograder grade`, answer key
at hand, once without checkpoints and once with them. Memory is the PSS of the grader, its fork server and
the workers together, which counts a page that they share once, looked at every 20 ms; its highest counts,
and so does the shortest time. What of it a build of torch for CUDA takes, which a build for processors alone
would not, is looked at in a process that has imported torch and done nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from measuring.clock import processor
from measuring.tree import watch

from autograder.core.manifest import Part
from autograder.core.weights import weights_components
from autograder.course import Course, load_course

TABLE = Path(__file__).resolve().with_suffix(".md")
ROOT = TABLE.parents[1]
SELDOM = 3.0  # seconds between two looks, where the time counts
PAUSE = 0.02  # seconds between two looks at the memory
SECONDS, MIB = 60, 768  # the limits that we set
MAKE = """
import sys, torch
sys.path[:0] = sys.argv[1:2]
from models import MyModel, TwoLayerNet, VanillaCNN
networks = {"twolayernet": TwoLayerNet(3072, 256, 10), "vanillacnn": VanillaCNN(), "mymodel": MyModel()}
for name, model in networks.items():
    torch.save(model.eval().state_dict(), f"{sys.argv[2]}/{name}.pth")
"""


IMPORT = """
import json, psutil, torch
pages = psutil.Process().memory_maps(grouped=True)
of_cuda = [entry.pss for entry in pages if any(word in entry.path for word in ("cuda", "nvidia", "triton"))]
print(json.dumps([sum(entry.pss for entry in pages) / 2**20, sum(of_cuda) / 2**20]))
"""


@dataclass(frozen=True)
class Cost:
    """What grading cost: wall-clock and processor seconds, MiB at the highest."""

    wall: float
    cpu: float
    peak_mib: float


def write_zips(course: Course, part: Part, folder: Path) -> dict[str, Path]:
    """Write the reference as zips without and with checkpoints; return their paths by what they are."""
    workspace, weights = folder / "workspace", folder / "weights"
    sources = {**course.given(part), **course.solution(part)}
    for name, content in sources.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_bytes(content)
    weights.mkdir()
    subprocess.run([sys.executable, "-c", MAKE, str(workspace), str(weights)], check=True)
    checkpoints = {
        component.file: (weights / Path(component.file).name).read_bytes()
        for component in weights_components(part)
    }
    return {
        "without checkpoints": _zip(folder / "without.zip", course.solution(part)),
        f"with {len(checkpoints)} checkpoints": _zip(
            folder / "with.zip", {**course.solution(part), **checkpoints}
        ),
    }


def _zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def grade(path: Path, part: Part, folder: Path, *, images: int) -> Cost:
    """Grade the zip at `path` in a separate process: once for its time, once more for its memory.

    Looking at the memory of large processes many times a second takes a processor by itself.
    """
    command = [
        *(sys.executable, "-m", "autograder", "grade", str(path), "--part", part.name, "--quiet"),
        *("--out", str(folder / "out"), "--set", f"parts.{part.name}.test_set.images={images}"),
    ]
    timed, weighed = (watch(command, cwd=str(ROOT), pause=pause) for pause in (SELDOM, PAUSE))
    return Cost(timed.wall, timed.cpu, weighed.peak_mib)


def measure(images: int, repeats: int) -> dict[str, Cost]:
    """Return the least time and the most memory of each kind."""
    course = load_course()
    part = course.manifest.part("pytorch")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zips = write_zips(course, part, folder)
        grade(next(iter(zips.values())), part, folder, images=images)  # brings the answer key up to date
        costs = {
            kind: [grade(path, part, folder, images=images) for _ in range(repeats)]
            for kind, path in zips.items()
        }
    return {
        kind: Cost(min(c.wall for c in runs), min(c.cpu for c in runs), max(c.peak_mib for c in runs))
        for kind, runs in costs.items()
    }


def import_torch() -> tuple[float, float]:
    """Return the MiB of a process that has imported torch, and those that are pages of CUDA's libraries."""
    command = [sys.executable, "-c", IMPORT]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told[0], told[1]


def page(costs: Mapping[str, Cost], images: int, repeats: int) -> str:
    """Return the Markdown page."""
    imported, of_cuda = import_torch()
    rows = [f"| {kind} | {c.wall:.1f} | {c.cpu:.1f} | {c.peak_mib:.0f} |" for kind, c in costs.items()]
    return "\n".join(
        [
            "# Grading part 2 with its checkpoints",
            "",
            f"{processor()}; Python {sys.version.split()[0]}; {images:,} test images; {repeats} runs "
            "each: the shortest time and the highest memory count. Starting Python and torch is in it.",
            "",
            f"The limits that we set are {SECONDS} s on two cores, and {MIB} MiB for all processes together.",
            "",
            "| the reference | seconds | processor seconds | MiB (PSS) |",
            "| --- | ---: | ---: | ---: |",
            *rows,
            "",
            f"`import torch` alone takes {imported:.0f} MiB here, {of_cuda:.0f} of them pages of "
            "CUDA's libraries.",
            "",
            "Made by `PYTHONPATH=. python benchmarks/checkpoints.py --write`.",
            "",
        ]
    )


def main() -> None:
    """Measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    text = page(measure(options.images, options.repeats), options.images, options.repeats)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
