"""The notebooks as they are stored: first cell, Colab badge and what the course says stamped, no run kept.

The first cell is the same in all notebooks but for the part that it imports from. It is edited in
`templates/first_cell.ipy`; where Colab gets the course, and whether there is a badge, is set once, in
`assignment.toml`:

    [assignment]
    bundle_url = "https://…/course.zip"       # "": the first cell asks for the zip
    colab = "owner/repository/blob/main"      # "": no badge
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest
from autograder.release.clean_notebook import clean_notebook
from autograder.release.course_text import stamped

FOLDER = Path("notebooks")
TEMPLATE = Path(__file__).with_name("templates") / "first_cell.ipy"
FIRST, BADGE = "first-cell", "open-in-colab"  # ids of cells
PART = re.compile(r'^PART = "(\w+)"', re.MULTILINE)
HIDDEN = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}  # JupyterLab, the book
ABOUT = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def generate(root: Path, manifest: Manifest) -> Mapping[str, bytes]:
    """Return every notebook of the course at `root` as it is to be stored, by its path.

    Raises: CourseError naming the notebook that cannot be read, or has no first cell to stamp.
    """
    template = TEMPLATE.read_text(encoding="utf-8").rstrip("\n")
    found = {}
    for path in sorted((root / FOLDER).rglob("*.ipynb")):
        where = path.relative_to(root).as_posix()
        table = json.loads(clean_notebook(path.read_bytes(), where=where))
        cells = [cell for cell in table["cells"] if cell.get("id") != BADGE]
        _stamp(cells, template, manifest, where)
        for cell in cells:
            if cell["cell_type"] == "markdown":
                cell["source"] = stamped("".join(cell["source"]), manifest, where=where).splitlines(
                    keepends=True
                )
        if manifest.colab:
            cells.insert(1, _badge(manifest.colab, where))
        table.update(cells=cells, metadata=ABOUT, nbformat=4, nbformat_minor=5)
        found[where] = (json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
    return found


def _stamp(cells: list[dict[str, Any]], template: str, manifest: Manifest, where: str) -> None:
    """Put the template into the first cell, whose part stays."""
    found = next((cell for cell in cells if cell.get("id") == FIRST), None)
    part = found and PART.search("".join(found["source"]))
    if not found or not part:
        raise CourseError(
            f'{where}: expected a code cell with the id "{FIRST}" and a line such as PART = "convnet", found '
            "none; copy the first cell of another notebook."
        )
    text = template.replace("@PART@", part[1]).replace("@BUNDLE_URL@", manifest.bundle_url)
    found["source"], found["metadata"] = text.splitlines(keepends=True), HIDDEN


def _badge(colab: str, where: str) -> dict[str, Any]:
    page = f"https://colab.research.google.com/github/{colab}/{where}"
    image = "https://colab.research.google.com/assets/colab-badge.svg"
    return {
        "cell_type": "markdown",
        "id": BADGE,
        "metadata": {},
        "source": [f"[![Open in Colab]({image})]({page})"],
    }
