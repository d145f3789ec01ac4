"""Imports go downwards only: cli; shell, render, release; hidden tests, mutants, worker; core."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [  # what a file may import out of our own packages: its own layer, and the layers below
    ("autograder.cli", "autograder.__main__"),
    ("autograder.shell", "autograder.render", "autograder.release"),
    ("autograder.hidden_tests", "autograder.mutants", "autograder.worker"),
    ("autograder.core",),
]
BESIDE_STUDENT_CODE = ("autograder.worker.guest", "autograder.worker.probes")
OURS = ("autograder", "theory", "report")
FILES = sorted(
    path
    for folder in ("autograder", "theory", "part1_convnet", "part2_pytorch")
    for path in (ROOT / folder).rglob("*.py")
    if "solutions" not in path.parts
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(source: str, package: str) -> set[str]:
    """Return the absolute names of all modules that `source` imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            names |= {".".join([*above, *filter(None, [node.module]), alias.name]) for alias in node.names}
    return names


def is_inside(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def forbidden(module: str, names: set[str]) -> list[str]:
    """Return those of the imported `names` that `module` may not know."""
    ours = {name for name in names if is_inside(name, OURS)}
    if not is_inside(module, ("autograder",)):
        return sorted(name for name in ours if is_inside(name, ("autograder",)))
    if is_inside(module, BESIDE_STUDENT_CODE):
        return sorted(name for name in ours if not is_inside(name, ("autograder.worker",)))
    level = next((index for index, layer in enumerate(LAYERS) if is_inside(module, layer)), 0)
    above = tuple(package for layer in LAYERS[:level] for package in layer)
    return sorted(name for name in ours if is_inside(name, above))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_imports_only_downwards(path: Path) -> None:
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    assert forbidden(module, imported(path.read_text(encoding="utf-8"), package)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("autograder.core.model", "def late():\n    from autograder.shell import grade"),
        ("autograder.worker.host", "import autograder.render.html"),
        ("autograder.worker.guest", "from autograder.core.model import Case"),
        ("part1_convnet.trainer", "import autograder"),
        ("autograder.shell.grade", "from .. import cli"),
    ],
)
def test_an_import_upwards_is_found(module: str, source: str) -> None:
    assert forbidden(module, imported(source, module.rpartition(".")[0]))
