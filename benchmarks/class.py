"""What does a class cost? A hundred submissions and a thousand, and on two machines instead of one.

    PYTHONPATH=. python benchmarks/class.py           print the table (a quarter of an hour on two cores)
    PYTHONPATH=. python benchmarks/class.py --write   and refresh benchmarks/class.md

The class is invented (measuring/class_of.py) and the same at every run. Overhead is wall clock times cores,
less what the probes compute by themselves on as many cores at once, for honest submissions, right and wrong
ones; those of part 2 come without checkpoints, everything else is part 1. The baseline runs the same hidden
tests with gradescope-utils' runner in a fresh process a submission, as many at a time as there are cores; it
has no wall, no diagnosis and no page, and its sample is scaled. Of the two machines of Dask, each is one
core: the first has the scheduler and the command beside its worker, alone or not.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from measuring.bare import BareWorkspace, read_zip
from measuring.class_of import write_class
from measuring.clock import processor, run_on_one_thread
from measuring.dask_machines import on_machines
from measuring.graded import ENVIRONMENT, SELDOM, grade
from measuring.tree import Run, watch

from autograder.commands.grade_class import cores
from autograder.core.model import Case, Reply
from autograder.course import load_course
from autograder.hidden_tests.runner import Examiner, run

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).resolve().with_suffix(".md")
SEED = 6
HONEST, SMALL, LARGE, SAMPLE = 300, 100, 1000, 50
OFTEN = 0.5  # seconds between two looks at the memory, where the memory counts


@dataclass(frozen=True)
class Measured:
    """Everything that the page tells; seconds, unless the name says otherwise."""

    torch: Run
    compute: float
    honest: Run
    compute_torch: float
    honest_torch: Run
    small: Run
    large: Run
    baseline: float
    on_dask: tuple[float, float]  # on one machine, on two


def import_torch() -> Run:
    """Run `python -c "import torch"`, best of three."""
    command = [sys.executable, "-c", "import torch"]
    return min(
        (watch(command, cwd=str(ROOT), environment=ENVIRONMENT, pause=SELDOM) for _ in range(3)),
        key=lambda run: run.wall,
    )


def timed(command: Sequence[str]) -> float:
    """Return the seconds of one command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compute(zips: Sequence[Path], part_name: str) -> float:
    """Return the processor seconds a submission that its own code takes to answer all questions.

    As many processes answer as there are cores, as when the class is graded: two cores that share what
    computes are slower than one alone.
    """
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        seconds = list(pool.map(_compute, [zips] * cores(), [part_name] * cores()))
    return sum(seconds) / len(seconds)


def _compute(zips: Sequence[Path], part_name: str) -> float:
    course = load_course()
    part = course.manifest.part(part_name)
    seconds = []
    reference = BareWorkspace({**course.solution(part), **course.given(part)}, part.allowed_imports)
    expected = remembering(reference.ask)
    for path in (zips[0], *zips):  # the first one twice: once to import what all of them import
        student = BareWorkspace({**read_zip(path), **course.given(part)}, part.allowed_imports)
        run(part, Examiner(student.ask, expected))
        seconds.append(student.seconds)
    return sum(seconds[1:]) / len(zips)


def remembering(ask: Callable[[Case], Reply]) -> Callable[[Case], Reply]:
    """Return `ask` with a memory, as the answer key has one: a case is asked only once."""
    known: dict[str, Reply] = {}

    def expected(case: Case) -> Reply:
        if case.key not in known:
            known[case.key] = ask(case)
        return known[case.key]

    return expected


def baseline(zips: Sequence[Path]) -> float:
    """Return the seconds per submission of a fresh gradescope-utils process each, on all cores."""
    script = str(Path(__file__).parent / "measuring" / "bare.py")
    start = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(lambda path: timed([sys.executable, script, str(path)]), zips))
    return (time.perf_counter() - start) / len(zips)


def measure(large: int) -> Measured:
    """Take all measurements, one after the other."""
    course = load_course()
    part, torch_part = (course.manifest.part(name) for name in ("convnet", "pytorch"))
    subprocess.run(
        [sys.executable, "-m", "autograder", "key"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for what, count in (("honest", HONEST), ("warm-up", 4)):
            write_class(folder / what, course, part, count, seed=SEED, hostile=False)
        write_class(folder / "torch", course, torch_part, HONEST, seed=SEED, hostile=False)
        for what, count in (("small", SMALL), ("large", large)):
            write_class(folder / what, course, part, count, seed=SEED)
        honest = sorted((folder / "honest").glob("*.zip"))
        return Measured(
            torch=import_torch(),
            compute=compute(honest, part.name),
            honest=grade(folder / "honest", folder / "out-honest"),
            compute_torch=compute(sorted((folder / "torch").glob("*.zip")), torch_part.name),
            honest_torch=grade(folder / "torch", folder / "out-torch", "--part", "pytorch"),
            small=grade(folder / "small", folder / "out-small", pause=OFTEN),
            baseline=baseline(honest[:SAMPLE]),
            on_dask=on_machines(folder / "honest", folder),
            large=grade(folder / "large", folder / "out-large", pause=OFTEN),
        )


def page(found: Measured, large: int) -> str:
    """Return the Markdown page."""
    each = [run.wall / count for run, count in ((found.small, SMALL), (found.large, large))]
    ratio = each[1] / each[0]
    on_all = (found.baseline * HONEST, found.honest.wall)
    rows = (
        ('`python -c "import torch"`', _ms(found.torch.wall), ""),
        *_overhead("part 1", found.honest, found.compute, found.torch),
        *_overhead("part 2", found.honest_torch, found.compute_torch, found.torch),
        (f"{SMALL} of the mixed class", f"{found.small.wall:.0f} s", f"peak {found.small.peak_mib:.0f} MiB"),
        (f"{large} of the mixed class", f"{found.large.wall:.0f} s", f"peak {found.large.peak_mib:.0f} MiB"),
        ("… a minute", f"{60 * large / found.large.wall:.0f}", ""),
        (f"… one, of {SMALL} and of {large}", f"{_ms(each[0])} and {_ms(each[1])}", f"{ratio:.2f} ×"),
        (f"{HONEST} honest ones: baseline (scaled from {SAMPLE}) and ours", *_against(*on_all)),
        (f"{HONEST} honest ones on one and on two machines of Dask", *_against(*found.on_dask)),
    )
    return "\n".join(
        [
            "# Grading a class",
            "",
            f"{processor()}, {cores()} cores; Python {platform.python_version()}; seed {SEED}; one run each. "
            "Peak is the PSS of all processes together. "
            f"Load at the end: {os.getloadavg()[1]:.1f} (5 minutes); beyond {cores()}, other work ran too, "
            "and wall clocks say less than processor time.",
            "",
            "| | | |",
            "| --- | ---: | ---: |",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            *(line for line in (__doc__ or "").split("\n\n")[-1].strip().split("\n")),
            "",
            "Made by `python benchmarks/class.py --write`.",
            "",
        ]
    )


def _overhead(part: str, honest: Run, compute: float, torch: Run) -> tuple[tuple[str, str, str], ...]:
    """Return what grading an honest submission takes beside its own compute, as rows."""
    by_wall = honest.wall * cores() / HONEST - compute
    return (
        (f"{part}: probes' own compute, an honest submission", _ms(compute), ""),
        (
            f"{part}: overhead of one, wall × cores",
            _ms(by_wall),
            f"{by_wall / torch.wall:.2f} × import torch",
        ),
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _against(slow: float, quick: float) -> tuple[str, str]:
    return f"{slow:.0f} and {quick:.0f} s", f"{slow / quick:.2f} ×"


def main() -> None:
    """Measure, print, and with --write keep the table."""
    run_on_one_thread()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--large", type=int, default=LARGE, help="submissions of the large class")
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    text = page(measure(options.large), options.large)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
