"""How long do students' first and last steps take, from the zip that they get to the zips that they hand in?

    PYTHONPATH=. python benchmarks/first_steps.py              print the table
    PYTHONPATH=. python benchmarks/first_steps.py --write      and refresh benchmarks/first_steps.md

First: unpack the bundle, make an environment, install what part 1 requires, run one public test. Last: with
every gap filled, run the collector. Installing depends on the web and on pip's cache: `--no-cache` measures
it as on a machine that has never installed anything. Processor seconds are given beside those of the clock.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from measuring.clock import processor

from autograder.course import Course, load_course
from autograder.release.bundle import as_zip, student_files

TABLE = Path(__file__).resolve().with_suffix(".md")
FIRST_LIMIT, LAST_LIMIT = 120, 60  # seconds that we promise
INSTALL = ("-m", "pip", "install", "--quiet", "-r", "requirements-part1.txt", "-c", "constraints.txt")


@dataclass
class Step:
    """One thing that a student does, and the seconds that it took: by the clock, and of the processor."""

    name: str
    clock: float
    processor: float


def take(name: str, *words: str, cwd: Path, codes: tuple[int, ...] = (0,)) -> Step:
    """Run a command as one step; end the program where its exit code is none of `codes`."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    before, start = os.times(), time.perf_counter()
    result = subprocess.run(words, cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    clock, after = time.perf_counter() - start, os.times()
    if result.returncode not in codes:
        raise SystemExit(f"{name}: exit code {result.returncode}.\n{result.stdout}\n{result.stderr}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Step(name, clock, used)


def first_steps(packed: Path, folder: Path, *, no_cache: bool) -> list[Step]:
    """Go from the zip to the first public test, which fails on a gap that is open."""
    unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])"
    steps = [take("unpack the bundle", sys.executable, "-c", unpack, str(packed), str(folder), cwd=folder)]
    root = next(folder.glob("*/assignment.json")).parent
    steps.append(take("make an environment", sys.executable, "-m", "venv", ".venv", cwd=root))
    python = str(next(root.glob(".venv/[bS]*/python*")))
    install = (*INSTALL, "--no-cache-dir") if no_cache else INSTALL
    steps.append(take("install what part 1 requires", python, *install, cwd=root))
    test = (python, "-m", "unittest", "tests.test_relu")
    steps.append(take("run the first public test", *test, cwd=root / "part1_convnet", codes=(1,)))
    return steps


def last_step(files: Mapping[str, bytes], course: Course, folder: Path) -> Step:
    """Go from filled skeletons to three zips."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    shutil.copytree(course.root / "autograder" / "solutions", folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "report", ignore_errors=True)  # whose PDF takes other tools
    step = take("check and pack three parts", sys.executable, "collect_submission.py", cwd=folder)
    zips = [path for path in folder.glob("*.zip") if zipfile.is_zipfile(path)]
    if len(zips) != len(course.manifest.parts):
        raise SystemExit(f"Expected a zip of each of {len(course.manifest.parts)} parts, got {len(zips)}.")
    return step


def measure(*, no_cache: bool) -> tuple[list[Step], Step]:
    """Return the first steps, and the last one."""
    course = load_course()
    files = student_files(course)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        packed = Path(one, "course.zip")
        packed.write_bytes(as_zip(files, folder=course.manifest.name))
        return first_steps(packed, Path(one), no_cache=no_cache), last_step(files, course, Path(other))


def page(first: list[Step], last: Step, *, no_cache: bool) -> str:
    """Return the Markdown page."""
    cache = "fetched again" if no_cache else "out of pip's cache, as far as it holds them"
    together = Step(
        "**to the first public test**", sum(s.clock for s in first), sum(s.processor for s in first)
    )
    rows = [
        f"| {step.name} | {step.clock:.1f} | {step.processor:.1f} | {limit} |"
        for step, limit in (*((step, "") for step in first), (together, FIRST_LIMIT), (last, LAST_LIMIT))
    ]
    return "\n".join(
        [
            "# The first steps, and the last one",
            "",
            f"{processor()}, Python {sys.version.split()[0]}; packages {cache}; one run.",
            "",
            "| step | seconds | of the processor | limit |",
            "| --- | ---: | ---: | ---: |",
            *rows,
            "",
            "Made by `PYTHONPATH=. python benchmarks/first_steps.py --write`.",
            "",
        ]
    )


def main() -> None:
    """Measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--no-cache", action="store_true", help="let pip fetch everything again")
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    text = page(*measure(no_cache=options.no_cache), no_cache=options.no_cache)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
