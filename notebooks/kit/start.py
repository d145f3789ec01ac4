"""The start of every notebook: is this a kernel that can run it, and where does the course lie?

This file also has to be readable to a Python that is too old for the course, which it then says.
"""

import importlib.util
import os
import sys
from collections import namedtuple
from pathlib import Path

OLDEST = (3, 10)
PARTS = {  # the folder that a notebook imports from, and the packages that it needs
    "theory": (".", ("sympy", "lark", "yaml")),
    "convnet": ("part1_convnet", ("numpy", "matplotlib", "tqdm")),
    "pytorch": ("part2_pytorch", ("numpy", "matplotlib", "tqdm", "torch", "torchvision", "yaml")),
    "report": (".", ()),
}
INSTALLED_AS = {"yaml": "pyyaml"}  # where a package is installed under another name

Course = namedtuple("Course", ["root", "folder", "is_fast"])
Course.__doc__ = (
    "The course's folder, the part's folder in it, and whether everything is to be small and quick."
)


class Stop(Exception):
    """Ends a cell with one message instead of a stack of errors."""

    def _render_traceback_(self):
        return [str(self)]


def begin(root, part):
    """Make a notebook ready for one part: check the kernel, let imports and files start at the part's folder.

    One notebook imports from one part only: both parts have packages called `data` and `tests`.

    Args:    root: the course's folder; part: a name in PARTS.
    Returns: Course; its `is_fast` is true where both COURSEWORK (a copy of the course, whose long runs short
             ones may replace) and COURSEWORK_FAST=1 are set in the environment.
    Raises:  Stop, with the next step, where Python is too old or a package is missing.
    """
    folder, needed = PARTS[part]
    check_kernel(needed)
    place = Path(root, folder).resolve()
    if not place.is_dir():
        raise Stop(f"Expected the folder {place}, found none. Unzip the course anew, with all its folders.")
    kept = [entry for entry in sys.path if entry != str(place)]
    sys.path[:] = [str(place), *kept]
    os.chdir(place)
    is_fast = "COURSEWORK" in os.environ and os.environ.get("COURSEWORK_FAST", "") not in ("", "0")
    return Course(Path(root).resolve(), place, is_fast)


def check_kernel(needed, version=sys.version_info):
    """Raise Stop, with the next step, where Python is too old or a package that is needed is missing."""
    if tuple(version[:2]) < OLDEST:
        raise Stop(
            f"Expected Python {_dotted(OLDEST)} or newer, got {_dotted(version[:3])} ({sys.executable}).\n"
            "Next: make the course's environment (conda env create -f environment.yaml), choose it as this "
            "notebook's kernel (Kernel > Change Kernel), and run this cell again."
        )
    missing = missing_packages(needed)
    if missing:
        raise Stop(
            f"This kernel ({sys.executable}) lacks: {', '.join(missing)}.\n"
            f"Next: run  %pip install {' '.join(missing)}  in a new cell, restart the kernel (Kernel > "
            "Restart), and run this cell again. Or choose a kernel that has it: Kernel > Change Kernel."
        )


def missing_packages(names):
    """Return those of the packages that this kernel cannot import, as `pip install` calls them."""
    return [INSTALLED_AS.get(name, name) for name in names if importlib.util.find_spec(name) is None]


def _dotted(version):
    return ".".join(str(number) for number in version)
