"""Which modules of Python's standard library workers have beside those that the handout lists."""

from __future__ import annotations

import sys

# They start programs, reach into memory, talk to other machines, or need a person or a screen. Behind the
# sandbox they can do nothing; with --unsafe, where it is incomplete, they could.
CLOSED = frozenset(
    {
        "antigravity", "ctypes", "curses", "ensurepip", "idlelib", "pty", "readline", "socket",
        "socketserver", "subprocess", "this", "tkinter", "turtle", "turtledemo", "venv", "webbrowser",
    }
)  # fmt: skip
DEBUGGERS = frozenset({"code", "pdb"})  # workers have stand-ins that go on at once
OPEN = frozenset(
    name
    for name in sys.stdlib_module_names - CLOSED - DEBUGGERS
    if name == "__future__" or not name.startswith("_")
)
ALWAYS_THERE = frozenset({"__import__", "eval", "exec"})  # functions of Python by which modules can be had


def is_there(module: str) -> bool:
    """Tell whether workers have `module`, whatever the handout lists.

    >>> is_there("logging.handlers"), is_there("socket"), is_there("torch")
    (True, False, False)
    """
    top = module.partition(".")[0]
    return top in OPEN or top in DEBUGGERS or top in ALWAYS_THERE
