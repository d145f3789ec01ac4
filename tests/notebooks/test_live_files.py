"""A cell runs the files as they are saved now, in a real kernel: wrong, then a syntax error, then right."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.running import execute, shown

FILE = "modules/relu.py"
SETUP = """
import sys
sys.path.insert(0, {kit!r})
from kit.start import begin
begin([{kit!r}], "convnet")
from pathlib import Path
from kit.gaps import attempt
import numpy as np
original = Path({file!r}).read_text()
"""
RUN = """
with attempt():
    from modules import ReLU
    print("output", ReLU().forward(np.array([-1.0, 2.0])).tolist())
"""
EDITS = {
    "right": "",
    "wrong": 'Path({file!r}).write_text(original.replace("np.maximum(x, 0)", "np.minimum(x, 0)"))',
    "syntax error": 'Path({file!r}).write_text(original.replace("forward(self, x):", "forward(self, x:"))',
    "right again": "Path({file!r}).write_text(original)",
}


@pytest.mark.slow
def test_a_cell_runs_the_files_as_they_are_now(
    solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = shutil.copytree(solved, tmp_path / "course")
    path = course / "part1_convnet" / FILE
    path.write_text(path.read_text(encoding="utf-8").split("    def forward")[0] + FORWARD, encoding="utf-8")
    cells = [SETUP.format(kit=str(course / "notebooks"), file=FILE)]
    for edit in EDITS.values():
        cells += [edit.format(file=FILE), RUN]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    execute(notebook, course, monkeypatch, course)
    said = [shown(cell) for cell in notebook.cells if cell["source"] == RUN]
    assert "output [0.0, 2.0]" in said[0], said
    assert "output [-1.0, 0.0]" in said[1]
    assert "SyntaxError" in said[2] and FILE in said[2] and "output [" not in said[2]
    assert "output [0.0, 2.0]" in said[3]


FORWARD = """    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, dout):
        self.dx = dout
"""
