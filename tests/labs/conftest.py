"""A copy of the course with the reference answers, and its labs importable as they are in part2_pytorch/."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

OWNED = ("labs", "data", "training", "models", "losses", "solver", "part1_data")
QUIET = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "error"}


def take_out() -> dict[str, ModuleType]:
    """Remove the labs' modules, or other ones of these names, from sys.modules, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in OWNED]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(scope="session")
def part2(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return part2_pytorch/ with the reference answers of all parts in it, beside part 1."""
    root = tmp_path_factory.mktemp("course")
    without = shutil.ignore_patterns("__pycache__", "runs", "files", "*.pth")
    for name in ("part1_convnet", "part2_pytorch"):
        shutil.copytree(project / name, root / name, ignore=without)
    answers = project / "autograder" / "solutions" / "part2_pytorch"
    shutil.copytree(answers, root / "part2_pytorch", ignore=without, dirs_exist_ok=True)
    return root / "part2_pytorch"


@pytest.fixture
def lab(part2: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a module such as `labs.common.metrics`; afterwards none is left."""
    others, threads = take_out(), torch.get_num_threads()
    sys.path.insert(0, str(part2))
    torch.set_num_threads(1)
    yield importlib.import_module
    torch.set_num_threads(threads)
    sys.path.remove(str(part2))
    take_out()
    sys.modules.update(others)


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder as students do, on one thread."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=QUIET, capture_output=True, text=True, check=False, timeout=280
    )
