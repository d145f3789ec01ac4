"""A workspace of part 1 with the reference answers, and its modules loaded beside everybody else's."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

LOADED = (
    "modules",
    "optimizer",
    "trainer",
    "data",
    "data.cifar10",
    "data.drawing",
    "data.procedural",
    "tests.gradient_check",
)


def overlay(project: Path, target: Path) -> Path:
    """Copy the given code to `target` and lay the reference answers over it."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(project / "part1_convnet", target, ignore=without)
    answers = project / "autograder" / "solutions" / "part1_convnet"
    shutil.copytree(answers, target, ignore=without, dirs_exist_ok=True)
    return target


@pytest.fixture(scope="session")
def workspace(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the part's given code and the reference answers; read only, please."""
    return overlay(project, tmp_path_factory.mktemp("part1") / "part1_convnet")


@pytest.fixture(scope="session")
def part1(workspace: Path) -> SimpleNamespace:
    """Return the workspace's modules by name, without leaving `modules`, `data`, `tests` in sys.modules."""
    owned = {name.partition(".")[0] for name in LOADED}

    def take_out() -> dict[str, object]:
        names = [name for name in sys.modules if name.partition(".")[0] in owned]
        return {name: sys.modules.pop(name) for name in names}

    others = take_out()
    sys.path.insert(0, str(workspace))
    try:
        loaded = {name.rpartition(".")[2]: importlib.import_module(name) for name in LOADED}
    finally:
        sys.path.remove(str(workspace))
        take_out()
        sys.modules.update(others)  # type: ignore[arg-type]
    return SimpleNamespace(**loaded)
