"""A class graded on one machine of Dask and on two; each is one core of this computer."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from measuring.graded import ENVIRONMENT, ROOT, SELDOM, class_of
from measuring.tree import watch

ON_CORE = """
import os, sys
os.sched_setaffinity(0, {int(sys.argv[1])})
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
"""


def on_core(core: int, *module: str) -> list[str]:
    """Return the command that runs a module with its arguments, and keeps to one core."""
    return [sys.executable, "-c", ON_CORE, str(core), *module]


@contextmanager
def cluster(folder: Path, machines: Sequence[int]) -> Iterator[str]:
    """Start a Dask worker on each of the cores in `machines`, a scheduler on the first; yield its address."""
    note = folder / f"scheduler-{len(machines)}.json"
    scheduler = ("distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(note))
    worker = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny")
    processes: list[subprocess.Popen[bytes]] = []

    def start(command: Sequence[str]) -> None:
        quiet = subprocess.DEVNULL
        processes.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, env=ENVIRONMENT, cwd=ROOT))

    try:
        start(on_core(machines[0], *scheduler, "--no-dashboard"))
        while not note.exists():
            time.sleep(0.1)
        address = str(json.loads(note.read_text())["address"])
        for core in machines:
            start(on_core(core, *worker, "--no-dashboard", address))
        time.sleep(5)  # for the workers to join
        yield address
    finally:
        for process in processes:
            process.terminate()
            process.wait()
        note.unlink(missing_ok=True)


def on_machines(zips: Path, folder: Path, rounds: int = 3) -> tuple[float, float]:
    """Return the seconds of grading a class on one machine and on two, their start aside.

    Best of several rounds, in turn, so that a busy computer is busy for both.
    """
    first, second = itertools.islice(itertools.cycle(sorted(os.sched_getaffinity(0))), 2)
    seconds: dict[tuple[int, ...], list[float]] = {(first,): [], (first, second): []}
    for turn in range(rounds):
        for machines, found in seconds.items():
            with cluster(folder, machines) as address:
                for what in (folder / "warm-up", zips):
                    out = folder / f"{what.name}-{turn}-{len(machines)}"
                    command = on_core(first, *class_of(what, out), "--scheduler", address)
                    run = watch(command, cwd=str(ROOT), environment=ENVIRONMENT, pause=SELDOM)
            found.append(float(json.loads(run.output)["seconds"]))
    one, two = (min(found) for found in seconds.values())
    return one, two
