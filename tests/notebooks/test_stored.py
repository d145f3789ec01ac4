"""The notebooks as they are stored: valid, stamped, without outputs, and without logic of their own."""

from __future__ import annotations

import ast
import dataclasses
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.core.errors import CourseError
from autograder.course import Course
from autograder.release import generated, notebooks

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    shutil.copytree(project / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns("kit"))
    return tmp_path


def test_every_part_has_its_notebook_and_every_notebook_is_of_a_part_or_the_report() -> None:
    parts = json.loads((ROOT / "assignment.json").read_text(encoding="utf-8"))["parts"]
    assert {part["notebook"] for part in parts.values()} <= {
        path.relative_to(ROOT / "notebooks").as_posix() for path in PATHS
    }
    for path in PATHS:
        (first,) = (cell for cell in nbformat.read(path, as_version=4).cells if cell.id == "first-cell")
        found = notebooks.PART.search(first.source)
        assert found and found[1] in {*parts, "report"}
        assert path.name not in {part["notebook"] for name, part in parts.items() if name != found[1]}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_nothing_of_a_run(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    for cell in notebook.cells:
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)
        assert cell.id == "first-cell" or cell.metadata == {}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_imports_calls_and_shows_but_defines_nothing(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and cell.id != "first-cell":
            nodes = list(ast.walk(ast.parse(cell.source)))
            assert not [
                node for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.While))
            ]


def test_they_are_stored_as_they_are_stamped(ours: Course, project: Path) -> None:
    assert generated.check(project, notebooks.generate(project, ours.manifest)) == ()


def test_a_run_and_a_new_address_make_them_stale_until_they_are_written(ours: Course, copy: Path) -> None:
    path = copy / "notebooks/2_theory.ipynb"
    table = json.loads(path.read_text(encoding="utf-8"))
    run = next(cell for cell in table["cells"] if cell["cell_type"] == "code")
    run["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["hello"]}]
    table["metadata"]["author"] = "somebody"
    path.write_text(json.dumps(table), encoding="utf-8")
    assert generated.check(copy, notebooks.generate(copy, ours.manifest)) == ("notebooks/2_theory.ipynb",)
    manifest = dataclasses.replace(
        ours.manifest, bundle_url="https://example.org/a.zip", colab="we/course/blob/main"
    )
    assert len(generated.write(copy, notebooks.generate(copy, manifest))) == len(PATHS)
    assert generated.check(copy, notebooks.generate(copy, manifest)) == ()
    text = path.read_text(encoding="utf-8")
    assert "hello" not in text
    assert "somebody" not in text
    assert 'BUNDLE_URL = \\"https://example.org/a.zip\\"' in text
    assert "colab.research.google.com/github/we/course/blob/main/notebooks/2_theory.ipynb" in text
    generated.write(copy, notebooks.generate(copy, ours.manifest))
    assert notebooks.generate(copy, ours.manifest) == notebooks.generate(ROOT, ours.manifest)


@pytest.mark.parametrize(
    "content",
    ['{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no notebook"],
    ids=["no first cell", "no JSON"],
)
def test_a_notebook_that_cannot_be_stamped_is_named(ours: Course, copy: Path, content: str) -> None:
    (copy / "notebooks/7_more.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match=r"^notebooks/7_more\.ipynb: expected"):
        notebooks.generate(copy, ours.manifest)
