"""Imports go downwards only, from room to room; every room has its place, and none is left out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [  # from the top: a module may import from its own room and from the rooms of lower layers
    ("autograder.__main__",),
    ("autograder.cli",),
    ("autograder.commands",),
    ("autograder.audit", "autograder.gradescope", "autograder.release"),
    ("autograder.cohort",),
    ("autograder.grading",),
    ("autograder.answer_key", "autograder.intake", "autograder.render"),
    ("autograder.hidden_tests", "autograder.mutants", "autograder.worker.grader_side"),
    ("autograder.course", "autograder.workspace"),
    ("autograder.core",),
]
# Rooms of one layer that may know each other, in this direction.
BESIDE = {
    "autograder.audit": ("autograder.release",),
    "autograder.gradescope": ("autograder.release",),
    "autograder.cohort": ("autograder.worker.wall",),  # prctl: a pool process ends with its parent
}
# What runs in the fork server and beside student code: none of it may reach for anything of the grader's.
WORKER = {
    "autograder.worker.wire": (),
    "autograder.worker.wall": (),
    "autograder.worker.probes": (),
    "autograder.worker.student_side": ("autograder.worker.probes", "autograder.worker.wire"),
    "autograder.worker.fork_server": ("autograder.worker.student_side", "autograder.worker.wall"),
    "autograder.worker.grader_side": (
        "autograder.worker.wire", "autograder.worker.wall", "autograder.worker.fork_server",
        "autograder.worker.probes",
    ),
}  # fmt: skip
OURS = ("autograder", "theory", "report")
FILES = sorted(
    path
    for folder in ("autograder", "theory", "report", "part1_convnet", "part2_pytorch")
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


def is_inside(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def room_of(module: str) -> str:
    """Return the room of one of our modules; raise LookupError where it lies in none."""
    rooms = [*WORKER, *(room for layer in LAYERS for room in layer)]
    found = next((room for room in rooms if is_inside(module, (room,))), None)
    if found is None:
        raise LookupError(f"{module} lies in no room: give it a place in LAYERS or WORKER.")
    return found


def allowed_for(room: str) -> tuple[str, ...]:
    """Return the rooms that a module of `room` may import from."""
    below: tuple[str, ...] = ()
    level = next((index for index, layer in enumerate(LAYERS) if room in layer), None)
    if level is not None:
        below = tuple(each for layer in LAYERS[level + 1 :] for each in layer)
        below += ("theory",) if level < len(LAYERS) - 1 else ()
    return (room, *below, *BESIDE.get(room, ()), *WORKER.get(room, ()))


def forbidden(module: str, names: set[str]) -> list[str]:
    """Return those of the imported `names` that `module` may not know."""
    ours = {name for name in names if is_inside(name, OURS) and name != "autograder.__version__"}
    if not is_inside(module, ("autograder",)):
        return sorted(name for name in ours if is_inside(name, ("autograder",)))
    return sorted(name for name in ours if not is_inside(name, allowed_for(room_of(module))))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_imports_only_downwards(path: Path) -> None:
    module = module_of(path)
    if module in ("autograder", "autograder.worker"):
        assert imported(path.read_text(encoding="utf-8"), module) == set()  # they hold a docstring only
        return
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    assert forbidden(module, imported(path.read_text(encoding="utf-8"), package)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("autograder.core.model", "def late():\n    from autograder.grading import grade"),
        ("autograder.worker.grader_side.host", "import autograder.render.html"),
        ("autograder.worker.student_side.probe_runner", "from autograder.core.model import Case"),
        ("autograder.worker.probes.convnet", "from autograder.worker.wall import sandbox"),
        ("autograder.worker.fork_server.zygote", "import autograder.course"),
        ("autograder.worker.wall.sandbox", "from autograder.worker import wire"),
        ("autograder.release.bundle", "from autograder.gradescope import run"),
        ("autograder.render.html", "from autograder.commands import choices"),
        ("autograder.intake.archive", "from autograder.answer_key import key"),
        ("autograder.core.errors", "import theory"),
        ("part1_convnet.trainer", "import autograder"),
        ("report.figures", "from autograder import course"),
        ("autograder.grading.grade", "from .. import cli"),
    ],
)
def test_an_import_upwards_is_found(module: str, source: str) -> None:
    assert forbidden(module, imported(source, module.rpartition(".")[0]))


def test_a_room_without_a_place_is_refused() -> None:
    with pytest.raises(LookupError, match=r"autograder\.cellar"):
        forbidden("autograder.cellar.wine", {"autograder.core.model"})
