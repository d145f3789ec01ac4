"""Sphinx extension: the files of the harness, room by room, each with what its own first line says of it.

```{file-table} autograder
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = ("solutions", "templates", "__pycache__")


def setup(app: Any) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("file-table", FileTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class FileTable(Directive):
    """Put a table of the files below a folder of the project where the directive stands."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        lines = ["| file | what it is for |", "|---|---|"]
        lines += [f"| `{name}` | {said} |" for name, said in rows(ROOT / self.arguments[0])]
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, source=self.arguments[0]), 0, holder)
        return holder.children


def rows(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the path below `folder` and the first line of every module; a room's own line comes first."""
    for path in sorted(folder.rglob("*.py"), key=lambda path: (path.parent, path.name != "__init__.py")):
        inside = path.relative_to(folder)
        if set(inside.parts).isdisjoint(WITHOUT):
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            name = f"{inside.parent.as_posix()}/" if path.name == "__init__.py" else inside.as_posix()
            yield name, said.partition("\n")[0].replace("|", "\\|")
