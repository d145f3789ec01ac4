"""The command that grades a class, run and watched."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from measuring.clock import ONE_THREAD
from measuring.tree import Run, watch

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)}
SELDOM = 60.0  # seconds between two looks at the memory, where the time counts


def grade(folder: Path, out: Path, *more: str, pause: float = SELDOM) -> Run:
    """Grade the class in `folder`; look at its memory every `pause` seconds, which takes time itself."""
    command = [sys.executable, "-m", *class_of(folder, out), *more]
    return watch(command, cwd=str(ROOT), environment=ENVIRONMENT, pause=pause)


def class_of(folder: Path, out: Path) -> list[str]:
    """Return the module and arguments that grade the class in `folder`."""
    return ["autograder", "class", str(folder), "--out", str(out), "--json"]
