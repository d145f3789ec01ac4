"""Which modules of Python's standard library workers have besides those that the handout lists."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

# They reach into memory, serve other machines, or need a person or a screen: nobody computes with them.
CLOSED = frozenset(
    {
        "antigravity", "ctypes", "curses", "ensurepip", "idlelib", "pty", "readline",
        "socketserver", "this", "tkinter", "turtle", "turtledemo", "venv", "webbrowser",
    }
)  # fmt: skip
DEBUGGERS = frozenset({"code", "pdb"})  # workers have stand-ins that go on at once
OPEN = frozenset(
    name
    for name in sys.stdlib_module_names - CLOSED - DEBUGGERS
    if name == "__future__" or not name.startswith("_")
)
LIMITED: Mapping[str, str] = {  # modules that are there → what fails behind the sandbox, and how
    "multiprocessing": "has pools of threads, and starts no process (PermissionError)",
    "shelve": "writes no file (PermissionError)",
    "shutil": "writes no file (PermissionError)",
    "socket": "makes no connection (PermissionError)",
    "sqlite3": "opens a database in memory only (OperationalError)",
    "subprocess": "starts no program (FileNotFoundError)",
    "tempfile": "has TemporaryFile, in memory, and makes no named file or folder (FileNotFoundError)",
}
ALWAYS_THERE = frozenset({"__import__", "eval", "exec"})  # functions of Python by which modules can be had


def is_there(module: str) -> bool:
    """Tell whether workers have `module`, whatever the handout lists.

    >>> is_there("logging.handlers"), is_there("tkinter"), is_there("torch")
    (True, False, False)
    """
    top = module.partition(".")[0]
    return top in OPEN or top in DEBUGGERS or top in ALWAYS_THERE


def limits_of(modules: Iterable[str]) -> str:
    """Return a sentence about what fails of these modules while graded, "" if all of them work.

    >>> limits_of(["socket", "math"]), limits_of(["math"])
    ('But socket makes no connection (PermissionError).', '')
    """
    names = dict.fromkeys(module.partition(".")[0] for module in modules)
    limits = [f"{name} {LIMITED[name]}" for name in names if name in LIMITED]
    return f"But {', and '.join(limits)}." if limits else ""
