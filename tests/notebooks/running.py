"""Notebooks run in a copy of the course, and what their cells show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

QUICK = {"COURSEWORK_FAST": "1", "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def lay_out(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def execute(
    notebook: nbformat.NotebookNode, course: Path | None, monkeypatch: pytest.MonkeyPatch, at: Path
) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom in the folder `at`, small and quick, on one thread."""
    if course is None:
        monkeypatch.delenv("COURSEWORK", raising=False)
    else:
        monkeypatch.setenv("COURSEWORK", str(course))
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    client = NotebookClient(
        notebook, timeout=600, allow_errors=True, resources={"metadata": {"path": str(at)}}
    )
    return client.execute()


def shown(cell: nbformat.NotebookNode) -> str:
    """Return everything that a code cell shows, as text; an image shows as its kind."""
    pieces = []
    for output in cell.outputs:
        data = output.get("data", {})
        pieces += [output.get("text", ""), "\n".join(output.get("traceback", []))]
        pieces += [value if kind.startswith("text/") else kind for kind, value in data.items()]
    return "\n".join(pieces)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
