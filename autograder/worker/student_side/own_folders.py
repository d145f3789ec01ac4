"""Let student code list the folders of its own workspace, which came over the line and lie on no disk."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any


def show(files: Collection[str]) -> None:
    """Make `os.listdir` know the folders of these files (paths with forward slashes), for good."""
    on_disk: Any = os.listdir

    def listdir(path: Any = ".") -> Any:
        try:
            return on_disk(path)
        except OSError:
            names = names_in(os.path.relpath(os.fsdecode(path)), files) if not isinstance(path, int) else []
            if not names:
                raise
            return [os.fsencode(name) for name in names] if isinstance(path, bytes) else names

    os.listdir = listdir


def names_in(folder: str, files: Collection[str]) -> list[str]:
    """Return the names in one folder of `files`, sorted; none where it is not among them.

    >>> names_in("modules", ["modules/relu.py", "modules/own/a.py", "solver.py"])
    ['own', 'relu.py']
    """
    start = f"{folder.replace(os.sep, '/')}/"
    return sorted({path[len(start) :].partition("/")[0] for path in files if path.startswith(start)})
