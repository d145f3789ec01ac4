"""A workspace of part 2 with the reference answers, and its modules loaded beside everybody else's."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import torch

LOADED = (
    "models",
    "losses",
    "losses.focal_loss",
    "data",
    "data.cifar10",
    "data.images",
    "data.procedural",
    "training",
    "training.command_line",
    "training.comparison",
    "training.devices",
    "training.graded",
    "training.optimizers",
    "training.results",
    "training.run",
    "training.small_images",
    "solver",
    "experiments",
)
OWNED = {name.partition(".")[0] for name in LOADED}


def take_out() -> dict[str, ModuleType]:
    """Remove the part's modules, or other ones of these names, from sys.modules, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in OWNED]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(scope="session")
def course(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with part 1's generator, and part 2 with the reference answers; read only, please."""
    root = tmp_path_factory.mktemp("course")
    without = shutil.ignore_patterns("__pycache__", "runs", "files", "*.pth")
    for part in ("part1_convnet", "part2_pytorch"):
        shutil.copytree(project / part, root / part, ignore=without)
    answers = project / "autograder" / "solutions" / "part2_pytorch"
    shutil.copytree(answers, root / "part2_pytorch", ignore=without, dirs_exist_ok=True)
    shutil.copy(project / "assignment.json", root)
    return root


@pytest.fixture(scope="session")
def workspace(course: Path) -> Path:
    """Return part 2 with the reference answers."""
    return course / "part2_pytorch"


@pytest.fixture(scope="session")
def modules(workspace: Path) -> dict[str, ModuleType]:
    """Import the workspace's modules, and leave none of them in sys.modules."""
    others = take_out()
    sys.path.insert(0, str(workspace))
    try:
        for name in LOADED:
            importlib.import_module(name)
    finally:
        sys.path.remove(str(workspace))
        mine = take_out()
        sys.modules.update(others)
    return mine


@pytest.fixture
def part2(modules: dict[str, ModuleType]) -> Iterator[SimpleNamespace]:
    """Return the workspace's modules by name; during the test they are importable, on one thread."""
    threads, others = torch.get_num_threads(), take_out()
    sys.modules.update(modules)
    torch.set_num_threads(1)
    yield SimpleNamespace(**{name.rpartition(".")[2]: modules[name] for name in LOADED})
    torch.set_num_threads(threads)
    take_out()
    sys.modules.update(others)
