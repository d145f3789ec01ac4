"""What does the sandbox cost? A worker behind all layers against a bare fork, and student code behind both.

    python benchmarks/wall.py              print the tables
    python benchmarks/wall.py --write      and refresh benchmarks/wall.md

A worker's start is timed from the order until its hello has come and its layers are confirmed. The rows with
fewer layers are for measuring only: `unsafe` hosts on the reference answers. All hosts are asked in turn,
so that a busy machine is busy for all of them; where it is, read the best.

Whether student code computes more slowly in the sandbox is asked in pairs: a worker behind all layers and a
bare fork compute the same right after each other, the one that goes first alternating, many times over. The
median of the ratios, with its confidence interval (`measuring/pairs.py`), is what counts.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measuring.clock import processor
from measuring.pairs import Ratio, paired_ratio

from autograder.core.manifest import Limits
from autograder.core.model import Case
from autograder.course import load_course
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace

TABLE = Path(__file__).resolve().with_suffix(".md")
LIMIT_MS = 5.0  # for all layers together, over a bare fork
NO_LAYERS = ("limits", "uid", "landlock", "view", "chroot", "seccomp")
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("bare fork", NO_LAYERS),
    ("rlimits", ("uid", "landlock", "view", "chroot", "seccomp")),
    ("rlimits, uid", ("landlock", "view", "chroot", "seccomp")),
    ("rlimits, uid, seccomp", ("landlock", "view", "chroot")),
    ("rlimits, uid, Landlock", ("view", "seccomp")),
    ("rlimits, uid, Landlock, view", ("seccomp",)),
    ("all", ()),
)


@dataclass(frozen=True)
class Costs:
    """Milliseconds, one entry a worker: its start, its first and second question, its compute."""

    start: list[float]
    first: list[float]
    second: list[float]
    compute: list[float]


def questions() -> tuple[Case, Case]:
    """Return a small question (the cost of asking) and a large one (the cost of computing)."""
    rng = np.random.default_rng(0)
    small = Case("convnet.relu", {}, {"x": rng.normal(size=(2, 3)), "dout": rng.normal(size=(2, 3))})
    settings = {"in_channels": 16, "out_channels": 16, "padding": 1}
    images = {"x": rng.normal(size=(8, 16, 32, 32)), "dout": rng.normal(size=(8, 16, 32, 32))}
    return small, Case("convnet.conv2d", settings, images)


def measure(folder: Path, allowed: Sequence[str], limits: Limits, count: int) -> dict[str, Costs]:
    """Start a host for each of ROWS, open `count` workers on each, in turn, and time them."""
    costs = {name: Costs([], [], [], []) for name, _ in ROWS}
    with ExitStack() as stack:
        hosts = {
            name: stack.enter_context(
                WorkerHost(runtime="numpy", probes=["convnet"], limits=limits, unsafe=True, without=without)
            )
            for name, without in ROWS
        }
        for _ in range(count + 1):
            for name, host in hosts.items():
                _measure_one(host, folder, allowed, costs[name])
    for cost in costs.values():
        for times in (cost.start, cost.first, cost.second, cost.compute):
            del times[0]  # of a host that was still starting
    return costs


def _measure_one(host: WorkerHost, folder: Path, allowed: Sequence[str], cost: Costs) -> None:
    small, large = questions()
    start = time.perf_counter()
    worker = host.open(folder, allowed_imports=allowed)
    worker.shake_hands()
    cost.start.append(1000 * (time.perf_counter() - start))
    for case, times in ((small, cost.first), (small, cost.second), (large, cost.compute)):
        start = time.perf_counter()
        worker.ask(case, seconds=60)
        times.append(1000 * (time.perf_counter() - start))
    worker.close()
    time.sleep(0.01)  # its end shall not be charged to the next one


def compare_compute(folder: Path, allowed: Sequence[str], limits: Limits, pairs: int) -> Ratio:
    """Let a worker behind all layers and a bare fork compute the same, in `pairs` of runs."""
    _, large = questions()
    with ExitStack() as stack:
        workers = []
        for without in ((), NO_LAYERS):
            host = WorkerHost(
                runtime="numpy", probes=["convnet"], limits=limits, unsafe=True, without=without
            )
            worker = stack.enter_context(host).open(folder, allowed_imports=allowed)
            workers.append(worker)
        walled, bare = (lambda worker=worker: worker.ask(large, seconds=60) for worker in workers)
        return paired_ratio(walled, bare, pairs=pairs)


def table(costs: dict[str, Costs]) -> str:
    """Return the Markdown table, best / median of each column."""
    lines = [
        "| layers | start, ms | first question | second question | convolution, ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, cost in costs.items():
        columns = (cost.start, cost.first, cost.second, cost.compute)
        cells = " | ".join(f"{min(times):.2f} / {statistics.median(times):.2f}" for times in columns)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


def verdict(costs: dict[str, Costs], compute: Ratio) -> str:
    """Say what all layers cost over a bare fork, in milliseconds and as a ratio."""
    bare, full = costs["bare fork"], costs["all"]
    extra = min(full.start) - min(bare.start)
    middle = statistics.median(full.start) - statistics.median(bare.start)
    return (
        f"All layers cost {extra:.2f} ms a worker over a bare fork (best; {middle:.2f} ms in the median; "
        f"the limit is {LIMIT_MS:g} ms), {min(full.start) / min(bare.start):.1f} times its start.\n\n"
        f"Student code takes {compute.middle:.4f} times as long behind them as without: median of "
        f"{compute.pairs} pairs, {compute.confidence:.0%} confidence interval {compute.low:.4f} to "
        f"{compute.high:.4f}. {_judgement(compute)}"
    )


def _judgement(compute: Ratio) -> str:
    if compute.low > 1:
        return f"They slow it down by at least {100 * (compute.low - 1):.2f} %."
    return f"No slowdown is to be measured; one of more than {100 * (compute.high - 1):.2f} % is ruled out."


def main() -> None:
    """Measure, print, and write the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    parser.add_argument("--count", type=int, default=25, help="workers a row (default 25)")
    parser.add_argument("--pairs", type=int, default=400, help="pairs of computations (default 400)")
    options = parser.parse_args()
    course = load_course()
    part = course.manifest.part("convnet")
    with workspace(course.given(part), course.solution(part)) as folder:
        costs = measure(folder, part.allowed_imports, part.limits, options.count)
        compute = compare_compute(folder, part.allowed_imports, part.limits, options.pairs)
    machine = f"{processor()}, NumPy {np.__version__}; best / median of {options.count}."
    made = "Made by `python benchmarks/wall.py --write`."
    text = f"# What the sandbox costs\n\n{table(costs)}\n\n{verdict(costs, compute)}\n\n{machine}\n\n{made}\n"
    print(text)
    if options.write:
        TABLE.write_text(text)


if __name__ == "__main__":
    main()
