"""The notebooks from top to bottom: on the reference answers, and on bare skeletons."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from autograder.release.notebooks import PART
from tests.notebooks.running import code_cells, execute, shown

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.ipynb"))
IMAGES = {  # how many cells must show one, where all gaps are filled
    "1_start_here": 1,
    "2_theory": 2,
    "3_part1_convnet": 15,
    "4_part2_pytorch": 10,
    "5_class_imbalance": 6,
    "6_report_and_submission": 0,
    "labs/custom_conv": 3,
    "labs/robustness": 2,
    "labs/texture_bias": 4,
    "labs/resolution": 4,
}
TROUBLE = (  # what no cell says where all gaps are filled
    "Still open", "| still open |", "Not what was expected", "is not written yet", "is not there yet",
    "%debug", "Traceback",
)  # fmt: skip
GAP = re.compile(r'raise NotImplementedError\("([a-z0-9_-]+)"\)')
PATIENCE = 900  # seconds; training on a machine that does other things, too
EACH = [
    pytest.param(name, marks=pytest.mark.timeout(PATIENCE)) if name[0] in "45l" else name for name in NAMES
]


def read(course: Path, name: str) -> tuple[nbformat.NotebookNode, Path]:
    path = course / "notebooks" / f"{name}.ipynb"
    return nbformat.read(path, as_version=4), path.parent


@pytest.mark.parametrize("name", EACH)
def test_with_every_gap_filled_a_notebook_runs_and_draws(
    name: str, solved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook, folder = read(solved, name)
    cells = code_cells(execute(notebook, solved, monkeypatch, folder))
    for cell in cells:
        assert not [output for output in cell.outputs if output.output_type == "error"], (
            cell.id,
            shown(cell),
        )
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], (
            cell.id,
            shown(cell),
        )
        assert not [word for word in TROUBLE if word in shown(cell)], (cell.id, shown(cell))
    assert sum("image/png" in shown(cell) for cell in cells) == IMAGES[name]
    tests = [shown(cell) for cell in cells if "public_test(" in cell.source and cell.id != "first-cell"]
    assert all(re.search(r"(\d+) of \1 passed", text) for text in tests)


@pytest.mark.parametrize("name", EACH)
def test_on_bare_skeletons_a_notebook_names_the_gaps_and_goes_on(
    name: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook, folder = read(bare, name)
    cells = code_cells(execute(notebook, bare, monkeypatch, folder))
    for cell in cells:
        assert not [output for output in cell.outputs if output.output_type == "error"], (
            cell.id,
            shown(cell),
        )
        assert "Traceback" not in shown(cell), (cell.id, shown(cell))
    assert cells[-1].execution_count == len(cells)
    text = "\n".join(map(shown, cells))
    assert not [gap for gap in gaps_of(name, bare) if gap not in text]


def gaps_of(name: str, course: Path) -> list[str]:
    """Return the gaps of the part of a notebook that lists them, read off the skeletons."""
    source = "\n".join(cell.source for cell in read(course, name)[0].cells)
    found = PART.search(source)
    if not found or "show_open_gaps()" not in source:
        return []
    part = json.loads((course / "assignment.json").read_text(encoding="utf-8"))["parts"][found[1]]
    files = [course / part["folder"] / file for file in part["answer_files"]]
    return [gap for path in files for gap in GAP.findall(path.read_text(encoding="utf-8"))]


def test_each_section_of_part_1_says_where_its_gap_is_and_what_tests_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook, folder = read(bare, "3_part1_convnet")
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("first-cell", "imports", "relu-plot")]
    said = shown(execute(notebook, bare, monkeypatch, folder).cells[-1])
    line = (
        (bare / "part1_convnet/modules/relu.py").read_text().splitlines().index("        # TODO relu-forward")
    )
    assert "Still open: relu-forward" in said
    assert f"part1_convnet/modules/relu.py, line {line + 2}" in said
    assert "cd part1_convnet; python -m unittest tests.test_relu" in said


def test_a_notebook_outside_of_the_course_says_one_thing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.read(project / "notebooks/1_start_here.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id == "first-cell"]
    (cell,) = execute(notebook, None, monkeypatch, tmp_path).cells
    (output,) = cell.outputs
    assert output.output_type == "error"
    assert len(output.traceback) == 1
    assert output.traceback[0].startswith(f"No course in {tmp_path} or above it")
    assert "Next: open the notebook" in output.traceback[0]
