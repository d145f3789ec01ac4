"""What every measurement needs: a clock, one thread, and the name of the machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


def best(run: Callable[[], object], *, repeats: int) -> float:
    """Return the seconds of the fastest of several runs, after one that warms up."""
    run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def run_on_one_thread() -> None:
    """Start the running script once more with one thread a library, unless it has that already.

    The libraries read these variables when they are loaded, which is too early for a script to set them.
    """
    if ONE_THREAD.items() - os.environ.items():
        command = [sys.executable, *sys.argv]
        sys.exit(subprocess.run(command, env={**os.environ, **ONE_THREAD}, check=False).returncode)


def processor() -> str:
    """Return the processor's model name where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
