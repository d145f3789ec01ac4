"""The start of every notebook: can this kernel run it, and where is the course?

This file must also parse on a Python that is too old for the course, so that it can say so.
"""

import importlib
import importlib.util
import json
import os
import sys
from collections import namedtuple
from pathlib import Path

OLDEST = (3, 10)
ASSIGNMENT = "assignment.json"  # what the course consists of, at the top of its folder
IMPORTED_AS = {"pyyaml": "yaml"}  # where a package is imported under another name

Course = namedtuple("Course", ["root", "folder", "is_fast"])
Course.__doc__ = (
    "The course's folder, the part's folder in it, and whether everything should be small and quick."
)


class Stop(Exception):
    """Ends a cell with one message instead of a stack of errors."""

    def _render_traceback_(self):
        return [str(self)]


def begin(kits, part):
    """Make a notebook ready for one part: check the kernel, let imports and files start at the part's folder.

    One notebook imports from one part only: both parts have packages called `data` and `tests`.

    Args:    kits: folders `notebooks` of courses, the nearest first; one may be in the course's zip, which
             is unpacked; part: a part of assignment.json, or "report". Only parts with code have imports of
             their own; the notebooks of the others start at the course's folder.
    Returns: Course; its `is_fast` is true where both COURSEWORK (a copy of the course, whose long runs short
             ones may replace) and COURSEWORK_FAST=1 are set in the environment.
    Raises:  Stop, with the next step, where Python is too old, or a package or assignment.json is missing.
    """
    from .bring import choose, is_in_zip, unpack

    if is_in_zip(kits[0]):
        root = unpack(kits[0])
        importlib.invalidate_caches()
        return importlib.import_module("kit.start").begin([str(root / "notebooks")], part)
    root = choose([Path(kit).resolve().parent for kit in kits])
    assignment = read_assignment(root)
    about = {**assignment, **assignment["parts"]}[part]
    check_kernel(about.get("requirements", ()))
    place = Path(root, about["folder"] if about.get("kind") == "code" else ".").resolve()
    if not place.is_dir():
        raise Stop(f"Expected the folder {place}, found none. Unzip the whole course again.")
    used = [str(Path(root, folder.partition("/")[0]).resolve()) for folder in about.get("uses", ())]
    places = list(dict.fromkeys([str(place), *used]))
    sys.path[:] = [*places, *(entry for entry in sys.path if entry not in places)]
    os.chdir(place)
    sys.dont_write_bytecode = True  # two saves within a second would leave the first one's bytecode
    say(f"Ready: Python {_dotted(sys.version_info[:3])}; imports and files start in {place}")
    is_fast = "COURSEWORK" in os.environ and os.environ.get("COURSEWORK_FAST", "") not in ("", "0")
    return Course(Path(root).resolve(), place, is_fast)


def say(sentence):
    """Show a sentence below the cell."""
    sys.stdout.write(sentence + "\n")


def read_assignment(root):
    """Return the content of assignment.json in the folder `root`; raise Stop where it cannot be read."""
    path = Path(root, ASSIGNMENT)
    try:
        assignment = json.loads(path.read_text(encoding="utf-8"))
        assignment["parts"] = dict(assignment["parts"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        what = type(problem).__name__
        raise Stop(f"{path} cannot be read ({what}). Unzip the whole course again.") from None
    return assignment


def course_around(folder):
    """Return the nearest folder above `folder` that is a course, or else the one right above."""
    return next((above for above in folder.parents if (above / ASSIGNMENT).is_file()), folder.parent)


def path_in_course(folder):
    """Return the path of `folder` below the course's folder, with forward slashes."""
    return folder.relative_to(course_around(folder)).as_posix()


def check_kernel(needed, version=sys.version_info):
    """Raise Stop, with the next step, where Python is too old or a package that is needed is missing."""
    if tuple(version[:2]) < OLDEST:
        raise Stop(
            f"Expected Python {_dotted(OLDEST)} or newer, got {_dotted(version[:3])} ({sys.executable}).\n"
            "Next: create the course's environment (conda env create -f environment.yaml), choose it as this "
            "notebook's kernel (Kernel > Change Kernel), and run this cell again."
        )
    missing = missing_packages(needed)
    if missing:
        raise Stop(
            f"This kernel ({sys.executable}) lacks: {', '.join(missing)}.\n"
            f"Next: run  %pip install {' '.join(missing)}  in a new cell, restart the kernel (Kernel > "
            "Restart), and run this cell again. Or choose a kernel that has them: Kernel > Change Kernel."
        )


def missing_packages(names):
    """Return those of the packages, named as `pip install` does, that this kernel cannot import."""
    return [name for name in names if importlib.util.find_spec(IMPORTED_AS.get(name, name)) is None]


def _dotted(version):
    return ".".join(str(number) for number in version)
