"""The book's notebooks: valid, without outputs, and computed from top to bottom."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from theory.answers import read_answers

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "docs").glob("*.ipynb"))
TELLING = 8  # characters: a shorter answer may stand in any text


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_keeps_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_the_chapter_of_the_laws_shows_formulas_a_image_and_misconceptions_and_no_answer() -> None:
    shown = shown_by(ROOT / "docs" / "theory_laws.ipynb")
    for piece in (r"\begin{matrix}w_{00} & w_{01}", "image/png", "**kernel-flipped**", "W1 times W2"):
        assert piece in shown, piece
    reference = read_answers((ROOT / "autograder/solutions/theory/answers.yaml").read_bytes())
    told = [name for name, text in reference.items() if len(text) >= TELLING and text.strip() in shown]
    assert not told


def shown_by(path: Path) -> str:
    """Run a notebook where it lies and return everything that it shows."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    data = [{**output.get("data", {}), "text": output.get("text", "")} for output in outputs]
    return "\n".join(f"{kind}\n{value}" for one in data for kind, value in one.items())


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
