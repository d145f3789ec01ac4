"""Folders of Python below one that is closed to others, such as root's home, held open for workers.

A worker has its own uid and cannot walk through a closed folder. It need not: a descriptor of a folder
below it, opened by the fork server and inherited, leads there as /proc/self/fd/N. Only Landlock keeps such a
descriptor from leading further, so none are held without it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import PathFinder

FOR_OTHERS = 0o005  # what must be allowed in the folder itself: reading and searching


def hold_open(folders: Iterable[str]) -> dict[str, int]:
    """Open `folders` for this process and its children: folder → descriptor; {} unless all can be had."""
    held: dict[str, int] = {}
    for folder in folders:
        try:
            held[folder] = os.open(folder, os.O_PATH | os.O_DIRECTORY)
            os.set_inheritable(held[folder], True)
            is_readable = os.stat(_path(held[folder])).st_mode & FOR_OTHERS == FOR_OTHERS
        except OSError:
            is_readable = False
        if not is_readable:
            for descriptor in held.values():
                os.close(descriptor)
            return {}
    return held


def redirect_imports(held: Mapping[str, int]) -> None:
    """Have this process import through the folders `held`: its path, and what packages import late.

    The folders of the import path are listed now: a worker may open what is in them, but not list them.
    """
    sys.path[:] = [_through(entry, held) for entry in sys.path]
    for entry in sys.path:
        PathFinder.find_spec("no_module_has_this_name", [entry])
    for module in list(sys.modules.values()):
        path = getattr(module, "__path__", None)
        if isinstance(path, list):
            path[:] = [_through(entry, held) for entry in path]


def _through(path: str, held: Mapping[str, int]) -> str:
    """Return `path` by way of the folder of `held` that it is in, if it is in one."""
    for folder in sorted(held, key=len, reverse=True):
        if path == folder or path.startswith(folder.rstrip("/") + "/"):
            return _path(held[folder]) + path[len(folder.rstrip("/")) :]
    return path


def _path(descriptor: int) -> str:
    return f"/proc/self/fd/{descriptor}"
