"""Sphinx extension: the book's notebooks run on what students get, with all code written.

The copy is made beside the pages, before anything is read. Notebooks find it through COURSEWORK, and train
small networks because of COURSEWORK_FAST. They show what the solutions do, and never what is in them:
so the theory's sheet stays blank.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from autograder.course import load_course  # noqa: E402
from autograder.release.bundle import student_files  # noqa: E402  the project lies two folders above

SOLUTIONS = ROOT / "autograder" / "solutions"
SHOWN = "/home/you/coursework"


def setup(app: Any) -> dict[str, bool]:
    """Make the copy when Sphinx knows where the pages go."""
    app.connect("builder-inited", provide)
    app.connect("html-page-context", hide_place)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def provide(app: Any) -> None:
    """Make the copy afresh and tell the notebooks' kernels of it."""
    folder = place_of(app)
    shutil.rmtree(folder, ignore_errors=True)
    copy_solved(folder)
    os.environ |= {"COURSEWORK": str(folder), "COURSEWORK_FAST": "1"}


def hide_place(app: Any, _page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Name the copy as a student would, not with the folder in which the book was built."""
    if "body" in context:
        context["body"] = context["body"].replace(str(place_of(app)), SHOWN)


def place_of(app: Any) -> Path:
    """Return the folder of the copy: beside the pages, not among them."""
    return Path(app.outdir).parent / "course"


def copy_solved(folder: Path) -> None:
    """Write to `folder` what students get, with our code in it."""
    files = student_files(load_course(ROOT))
    files |= {path.relative_to(SOLUTIONS).as_posix(): path.read_bytes() for path in SOLUTIONS.rglob("*.py")}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
